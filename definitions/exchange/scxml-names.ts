/** The namespace of SCXML 1.0, and the one in which our own words stand beside it. */
export const scxmlNamespace = 'http://www.w3.org/2005/07/scxml'
export const ownNamespace = 'urn:samfony:process:1'
