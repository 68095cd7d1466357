// A certified OpenID provider for the tests: whoever types a name is that person. node provider.mjs PORT REDIRECT_URI
import Provider from "oidc-provider";

const [port, redirect] = process.argv.slice(2);
const provider = new Provider(`http://127.0.0.1:${port}`, {
  clients: [{ client_id: "fresque", client_secret: "only-for-tests", redirect_uris: [redirect], response_types: ["code"], grant_types: ["authorization_code"] }],
  claims: { openid: ["sub"], email: ["email"], profile: ["name"] },
  pkce: { required: () => true },
  cookies: { keys: ["only-for-tests"] },
  ttl: { AccessToken: 60, AuthorizationCode: 60, IdToken: 60, Interaction: 300, Session: 300, Grant: 300 },
  findAccount: (_, sub) => ({ accountId: sub, claims: () => ({ sub, email: `${sub}@lab.example`, name: `Name of ${sub}` }) }),
});
provider.listen(Number(port), "127.0.0.1", () => console.log("ready"));
