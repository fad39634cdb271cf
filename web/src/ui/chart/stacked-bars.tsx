import { ChartFrame, type ChartProps } from "./chart-frame.tsx";

const MAX_BAR_PX = 26;
/** Of a band: what stays free between two bars. */
const GAP = 0.14;

/** Counts, one bar a row, the first series at the bottom. */
export function StackedBars<Row>(props: ChartProps<Row>) {
  const { rows, series } = props;
  const totals = rows.map((row) => series.reduce((sum, { value }) => sum + (value(row) ?? 0), 0));
  return (
    <ChartFrame {...props} top={Math.max(...totals, 0)}>
      {({ left, band, y }) => {
        const width = Math.min(MAX_BAR_PX, band * (1 - GAP));
        return rows.map((row, index) => {
          let below = 0;
          return (
            <g key={index} transform={`translate(${left(index) + (band - width) / 2},0)`}>
              {series.map(({ name, value, color }) => {
                const from = below;
                below += value(row) ?? 0;
                const height = y(from) - y(below);
                if (height <= 0) return null;
                // One of a thousand is still seen.
                const seen = Math.max(height, 1.5);
                return (
                  <rect
                    key={name}
                    y={y(from) - seen}
                    width={width}
                    height={seen}
                    rx={Math.min(2, width / 4)}
                    fill={color}
                  />
                );
              })}
            </g>
          );
        });
      }}
    </ChartFrame>
  );
}
