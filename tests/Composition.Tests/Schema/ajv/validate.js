// Reads { schema, documents: [{ name, document }] } from standard input; writes { name: [errors] } to standard output.
import { readFileSync } from "node:fs";
import Ajv from "ajv";

const { schema, documents } = JSON.parse(readFileSync(0, "utf8"));
const ajv = new Ajv({ strict: true, strictTypes: false, strictRequired: false, allErrors: true });
ajv.addVocabulary(["allowTrailingCommas", "enumDescriptions"]);
const validate = ajv.compile(schema);
const results = {};
for (const { name, document } of documents) {
  results[name] = validate(document) ? [] : validate.errors.map((e) => `${e.instancePath} ${e.message}`);
}
process.stdout.write(JSON.stringify(results));
