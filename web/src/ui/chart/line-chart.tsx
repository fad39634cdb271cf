import { LinePath } from "@visx/shape";
import { ChartFrame, type ChartProps, type Series } from "./chart-frame.tsx";

/** More points than this stand too close for a dot on each. */
const DOTS_TO = 31;
const DOT_PX = 2.5;

/** Values over time. A line has gaps where there is no value; a value alone between two gaps is a dot. */
export function LineChart<Row>(props: ChartProps<Row>) {
  const { rows, series } = props;
  const values = rows.flatMap((row) => series.map(({ value }) => value(row) ?? 0));
  return (
    <ChartFrame {...props} top={Math.max(...values, 0)}>
      {({ left, band, y }) => {
        const middle = (index: number) => left(index) + band / 2;
        return series.map((each) => {
          const points = rows.map(each.value);
          return (
            <g key={each.name}>
              <LinePath
                data={points}
                x={(_, index) => middle(index)}
                y={(value) => y(value ?? 0)}
                defined={(value) => value !== null}
                stroke={each.color}
                strokeWidth={2}
                strokeLinejoin="round"
                {...(each.dashed ? { strokeDasharray: "5 3" } : {})}
              />
              {points.map((value, index) =>
                value !== null && isDotted(points, index) ? (
                  <circle key={index} cx={middle(index)} cy={y(value)} r={DOT_PX} fill={each.color} />
                ) : null,
              )}
            </g>
          );
        });
      }}
    </ChartFrame>
  );
}

function isDotted(points: ReturnType<Series<never>["value"]>[], index: number): boolean {
  if (points.length <= DOTS_TO) return true;
  return (points[index - 1] ?? null) === null && (points[index + 1] ?? null) === null;
}
