/** The mark: a W of two swells, and the water line below it. */
export function Mark({ size = 32 }: { size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 32 32" aria-hidden>
      <rect width="32" height="32" rx="9" fill="#0f4c5c" />
      <g fill="none" strokeLinecap="round" strokeLinejoin="round">
        <path
          d="M6 9.5c0 6.2 2.2 10 5 10s5-3.8 5-10c0 6.2 2.2 10 5 10s5-3.8 5-10"
          stroke="#fff"
          strokeWidth="3"
        />
        <path
          d="M6 24.5c1.7-1.5 3.3-1.5 5 0s3.3 1.5 5 0 3.3-1.5 5 0 3.3 1.5 5 0"
          stroke="#f2a65a"
          strokeWidth="2"
        />
      </g>
    </svg>
  );
}
