/** Labels on everything that is created; what does not bear them is never touched. */
export const LABEL = {
  app: 'verdigris.app',
  color: 'verdigris.color',
  release: 'verdigris.release',
  serviceClass: 'verdigris.class',
  role: 'verdigris.role',
} as const

/** Compose profiles that keep \`up\` from starting what has its own moment. */
export const PROFILE = { job: 'verdigris-job', singleton: 'verdigris-singleton' } as const
