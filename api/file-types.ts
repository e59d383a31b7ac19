const types = [
  { mediaType: 'application/pdf', extension: 'pdf', starts: [[0, '%PDF-']] },
  { mediaType: 'image/png', extension: 'png', starts: [[0, '\x89PNG\r\n\x1a\n']] },
  { mediaType: 'image/jpeg', extension: 'jpg', starts: [[0, '\xff\xd8\xff']] },
  {
    mediaType: 'image/webp',
    extension: 'webp',
    starts: [
      [0, 'RIFF'],
      [8, 'WEBP'],
    ],
  },
] as const satisfies { mediaType: string; extension: string; starts: [number, string][] }[]

export type MediaType = (typeof types)[number]['mediaType']

/** Kinds of files that are kept. */
export const mediaTypes = types.map(({ mediaType }) => mediaType)

/** The kind that the first bytes of a file prove, whatever its name or header say; undefined for any other. */
export function typeOf(content: Buffer): MediaType | undefined {
  const head = content.subarray(0, 16).toString('latin1')
  return types.find(({ starts }) => starts.every(([offset, mark]) => head.startsWith(mark, offset)))?.mediaType
}

/** A name to show and to download by: the last part of a path, without control, direction and separator marks, of at most 150 characters, with the extension of its kind. */
export function fileName(given: string, mediaType: MediaType): string {
  const extension = types.find((type) => type.mediaType === mediaType)?.extension ?? 'bin'
  const last = decoded(given).split(/[/\\]/).at(-1) ?? ''
  const clean = last
    .normalize('NFC')
    .replace(/[\p{Cc}\p{Cf}<>:"|?*%;]/gu, '')
    .replace(/^[.\s]+|[.\s]+$/g, '')
  const stem = clean
    .replace(/\.[A-Za-z0-9]{1,5}$/, '')
    .slice(0, 140)
    .trim()
  return `${stem === '' ? 'file' : stem}.${extension}`
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
