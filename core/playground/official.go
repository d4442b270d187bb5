package playground

// officialName is the last segment of the path of the page that shows OpenAI's own ChatKit.js.
const officialName = "official"

// officialPolicy allows what [policy] does and ChatKit.js from the only address that has it. Its frame talks to OpenAI;
// what runs in the page itself reaches this origin alone. ChatKit.js makes its styles itself and knows nothing of
// trusted types, which are therefore missing.
const officialPolicy = "default-src 'none'; script-src 'self' https://cdn.platform.openai.com; " +
	"frame-src https://cdn.platform.openai.com; connect-src 'self'; style-src 'self' 'unsafe-inline'; " +
	"img-src 'self' data: blob: https:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
