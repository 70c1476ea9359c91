// Loaded before a program (node --require): its clock is wrong by CLOCK_MOVED_MS.
const RealDate = Date
const movedBy = Number(process.env.CLOCK_MOVED_MS)

globalThis.Date = class extends RealDate {
  constructor(...when) {
    if (when.length === 0) super(RealDate.now() + movedBy)
    else super(...when)
  }

  static now() {
    return RealDate.now() + movedBy
  }
}
