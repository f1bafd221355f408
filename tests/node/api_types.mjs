// The types of the REST API: api_types.mjs < OpenAPI document > static/src/api/schema.d.ts
import openapiTypescript, { astToString } from 'openapi-typescript'
import { createHash } from 'node:crypto'
import { text } from 'node:stream/consumers'

const document = await text(process.stdin)
const described = JSON.parse(document, (key, value) =>
  // Titles are names in other words, and an operation stands where it is used.
  (key === 'title' || key === 'operationId') && typeof value === 'string' ? undefined : value
)
const types = await openapiTypescript(described, {
  // What has a default may be left out of a question; the document says itself what is in every answer.
  defaultNonNullable: false,
  rootTypes: true,
  rootTypesNoSchemaPrefix: true
})
// What stands before the paths is the version of the program.
const digest = createHash('sha256').update(document.slice(document.indexOf('"paths"'))).digest('hex')
process.stdout.write(`// Made by \`make client\` from OpenAPI ${digest}: do not edit.\n\n${astToString(types)}`)
