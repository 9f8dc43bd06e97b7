// Chance that can be repeated: the same seed gives the same numbers.

/** Mulberry32, and what is chosen by it. */
export function chance(seed) {
  let state = seed | 0;
  const next = () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
  const whole = (below) => Math.floor(next() * below);
  const pick = (list) => list[whole(list.length)];
  const shuffled = (list) => {
    const copy = [...list];
    for (let at = copy.length - 1; at > 0; at--) {
      const other = whole(at + 1);
      [copy[at], copy[other]] = [copy[other], copy[at]];
    }
    return copy;
  };
  return { next, whole, pick, shuffled, may: (share) => next() < share, some: (list, count) => shuffled(list).slice(0, count) };
}
