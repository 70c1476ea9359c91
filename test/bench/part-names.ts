/** What `--only` may name, in the order in which it is measured. */
export const PART_NAMES = [
  'help',
  'status',
  'plan',
  'switch',
  'requests',
  'tail',
  'throughput',
  'memory',
  'perform',
  'flat',
] as const

export type PartName = (typeof PART_NAMES)[number]
