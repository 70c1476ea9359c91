/** The texts that `parseBytes` reads; the JSON Schema shows it to editors. */
export const SIZE_PATTERN = /^(\d{1,9})([kmg])?$/i

const UNIT_BYTES: Record<string, number> = { '': 1, k: 1_024, m: 1_024 ** 2, g: 1_024 ** 3 }

/** A written size, `10m`, in bytes, or undefined for what is none; a number without a unit means bytes. */
export function parseBytes(written: number | string): number | undefined {
  const [, digits, unit = ''] = SIZE_PATTERN.exec(String(written)) ?? []
  const bytes = UNIT_BYTES[unit.toLowerCase()]
  return digits === undefined || bytes === undefined ? undefined : Number(digits) * bytes
}

/** The shortest text that `parseBytes` reads back as the same size. */
export function formatBytes(bytes: number): string {
  const unit = (['g', 'm', 'k'] as const).find((each) => bytes > 0 && bytes % (UNIT_BYTES[each] ?? 1) === 0)
  return unit === undefined ? String(bytes) : `${bytes / (UNIT_BYTES[unit] ?? 1)}${unit}`
}
