/** Divides `room` among wishes so that no one gets more than they want and the smallest wishes are met first. */
export function shareOut(wishes: readonly number[], room: number): number[] {
  const shares = wishes.map(() => 0);
  const order = wishes.map((wish, i) => ({ wish, i })).toSorted((a, b) => a.wish - b.wish);
  let left = room;
  for (const [place, { wish, i }] of order.entries()) {
    const share = Math.min(wish, Math.ceil(left / (order.length - place)));
    shares[i] = share;
    left -= share;
  }
  return shares;
}
