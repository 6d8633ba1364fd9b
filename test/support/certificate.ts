/**
 * A certificate that signs itself and its key, for servers of tests: nobody trusts it, and it does
 * not expire in this century.
 */

/** For check.example, from 2026 for a hundred years. */
export const certificate = `-----BEGIN CERTIFICATE-----
MIIBiDCCAS2gAwIBAgIUbzE3hZ6OWlYe9yeUMj0BoHicnA4wCgYIKoZIzj0EAwIw
GDEWMBQGA1UEAwwNY2hlY2suZXhhbXBsZTAgFw0yNjExMjMwMjUwMDNaGA8yMTI2
MTAzMDAyNTAwM1owGDEWMBQGA1UEAwwNY2hlY2suZXhhbXBsZTBZMBMGByqGSM49
AgEGCCqGSM49AwEHA0IABJ23P+AYsFII6qZ7vdUGUr2O5P7cTPf/+GcCWNreo/wm
ErC+xaulFyZqwb+fkcksCDZLgfzU/v1mj5DrCXzsoT+jUzBRMB0GA1UdDgQWBBRG
K/2EgOi2AdeKgFwfj4chNVuz0TAfBgNVHSMEGDAWgBRGK/2EgOi2AdeKgFwfj4ch
NVuz0TAPBgNVHRMBAf8EBTADAQH/MAoGCCqGSM49BAMCA0kAMEYCIQCLvupveVzw
1C66pkGy2qhEvYSJSwe9H+29gNe/9gcfFwIhALI9nsvTm4hM+VxTsf4F3HtTXvN3
cP+mVr5ODLNCItnX
-----END CERTIFICATE-----
`;

/** Its key, which protects nothing. */
export const certificateKey = `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQggdoXtgRClfs/V8UR
jsO5XdyYdkErvtIMYc+xFijMVvuhRANCAASdtz/gGLBSCOqme73VBlK9juT+3Ez3
//hnAlja3qP8JhKwvsWrpRcmasG/n5HJLAg2S4H81P79Zo+Q6wl87KE/
-----END PRIVATE KEY-----
`;
