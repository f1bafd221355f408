/** The root of the shared document that holds our editor's text. */
export const FIELD = 'default'
