import { readFileSync, readdirSync } from "node:fs";
import { test } from "../support/test.ts";
import { Lab } from "../support/lab/lab.ts";
import { keepalived, standin } from "../support/lab/makes.ts";
import { protocols } from "../support/lab/plan.ts";
import { Router } from "../support/lab/router.ts";
function delay(pid: number) { return readdirSync(`/proc/${pid}/task`).map(t=>readFileSync(`/proc/${pid}/task/${t}/schedstat`,"utf8").split(" ").map(Number)).reduce((a,b)=>[a[0]+b[0],a[1]+b[1]],[0,0]); }
const main=(pid:number)=>readFileSync(`/proc/${pid}/schedstat`,"utf8").split(" ").map(Number);
for (let i=0;i<6;i++) for (const make of [keepalived, standin]) test("x"+make.name+i, async () => Lab.run(async (lab) => {
  const { segment, a } = await lab.pair();
  const m = new Router(lab, a, make, {protocol: {...protocols[1], intervalMs: 10}, priority: 200});
  await m.start(); await m.untilItRules();
  const from = segment.passed; 
  const d0 = main(m.program.pid);
  await lab.bell.until("x", ()=>segment.adverts(a, from).length>=500);
  const d1 = main(m.program.pid);
  const t = segment.adverts(a, from).map(x=>x.atMs);
  const gaps=t.slice(1).map((x,i)=>x-t[i]);
  const f = from && segment.capture.frames;
  console.log(make.name, "longest gaps", gaps.map((g,i)=>[g.toFixed(1),i]).sort((x,y)=>+y[0]-+x[0]).slice(0,4).map(x=>x.join("@")).join(" "), "cpu ms", ((d1[0]-d0[0])/1e6).toFixed(0), "main rundelay ms", ((d1[1]-d0[1])/1e6).toFixed(1));
}));
