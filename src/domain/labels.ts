/** Labels on everything that is created; what does not bear them is never touched. */
export const LABEL = {
  app: 'verdigris.app',
  color: 'verdigris.color',
  release: 'verdigris.release',
  serviceClass: 'verdigris.class',
  role: 'verdigris.role',
} as const
