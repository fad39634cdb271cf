import { AxisBottom, AxisLeft } from "@visx/axis";
import { GridRows } from "@visx/grid";
import { ParentSize } from "@visx/responsive";
import { scaleBand, scaleLinear } from "@visx/scale";
import { type PointerEvent, type ReactNode, useState } from "react";
import classes from "./chart.module.css";
import { namedRows } from "./named-rows.ts";

/** One thing that is drawn of each row. */
export interface Series<Row> {
  name: string;
  /** Null where there is nothing to draw. */
  value: (row: Row) => number | null;
  /** A CSS colour. */
  color: string;
  dashed?: boolean;
}

export interface ChartProps<Row> {
  rows: Row[];
  series: Series<Row>[];
  /** Of a row: below the axis and at the head of the tooltip. */
  label: (row: Row) => string;
  /** When a row starts, ms; rows are equally long. The axis names round times. */
  start: (row: Row) => number;
  format: (value: number) => string;
  height: number;
  /** Room for the longest number beside the axis. */
  axis_width?: number;
  /** Upper end and marks of the value axis; by default both follow the rows. */
  ticks?: number[];
  onPick?: (row: Row) => void;
}

export interface Scales {
  /** Left edge of a row's band. */
  left: (index: number) => number;
  band: number;
  y: (value: number) => number;
}

const MARGIN = { top: 8, right: 8, bottom: 26 };
const VALUE_TICKS = 4;
/** Half of a label. */
const EDGE_PX = 30;

/** Axes, grid, legend and tooltip; `children` draws the rows. Rows are a few dozen to a few hundred. */
export function ChartFrame<Row>(
  props: ChartProps<Row> & { top: number; children: (scales: Scales) => ReactNode },
) {
  const { series, height } = props;
  return (
    <>
      {series.length > 1 && (
        <ul className={classes["legend"]}>
          {series.map(({ name, color, dashed }) => (
            <li key={name}>
              <i style={{ borderColor: color }} data-dashed={dashed || undefined} />
              {name}
            </li>
          ))}
        </ul>
      )}
      <div style={{ height }}>
        <ParentSize debounceTime={50}>
          {({ width }) => (width > 0 ? <Drawing {...props} width={width} /> : null)}
        </ParentSize>
      </div>
    </>
  );
}

function Drawing<Row>({
  rows,
  series,
  label,
  start,
  format,
  height,
  axis_width = 44,
  ticks,
  onPick,
  top,
  width,
  children,
}: ChartProps<Row> & { top: number; width: number; children: (scales: Scales) => ReactNode }) {
  const [hovered, setHovered] = useState<number | null>(null);
  const inner = { width: width - axis_width - MARGIN.right, height: height - MARGIN.bottom };
  const x = scaleBand({ domain: rows.map((_, index) => index), range: [0, inner.width] });
  const y = scaleLinear({
    domain: [0, ticks?.at(-1) ?? Math.max(top, 1)],
    range: [inner.height, MARGIN.top],
    nice: ticks ? false : VALUE_TICKS,
  });
  const band = x.bandwidth();
  const left = (index: number) => x(index) ?? 0;
  const at = (event: PointerEvent<SVGRectElement>) => {
    const from_left = event.clientX - event.currentTarget.getBoundingClientRect().left;
    return Math.min(rows.length - 1, Math.max(0, Math.floor(from_left / band)));
  };
  const row = hovered === null ? undefined : rows[hovered];
  return (
    <div className={classes["chart"]}>
      <svg width={width} height={height}>
        <g transform={`translate(${axis_width},0)`}>
          <GridRows
            scale={y}
            width={inner.width}
            {...(ticks ? { tickValues: ticks } : { numTicks: VALUE_TICKS })}
            stroke="var(--line-strong)"
            strokeDasharray="3 4"
          />
          {hovered !== null && (
            <rect
              className={classes["hovered"]}
              x={left(hovered)}
              y={MARGIN.top}
              width={band}
              height={inner.height - MARGIN.top}
            />
          )}
          {children({ left, band, y: (value) => y(value) })}
          <Axes x={x} y={y} rows={rows} label={label} start={start} format={format} ticks={ticks} />
          <rect
            data-pickable={onPick ? true : undefined}
            className={classes["surface"]}
            width={Math.max(inner.width, 0)}
            height={inner.height}
            onPointerMove={(event) => setHovered(at(event))}
            onPointerDown={(event) => setHovered(at(event))}
            onPointerLeave={() => setHovered(null)}
            onClick={() => row && onPick?.(row)}
          />
        </g>
      </svg>
      {row !== undefined && hovered !== null && (
        <Tooltip
          row={row}
          series={series}
          label={label}
          format={format}
          place={
            left(hovered) + band / 2 < inner.width / 2
              ? { left: axis_width + left(hovered) + band + 8 }
              : { right: width - axis_width - left(hovered) + 8 }
          }
        />
      )}
    </div>
  );
}

function Axes<Row>({
  x,
  y,
  rows,
  label,
  start,
  format,
  ticks,
}: Pick<ChartProps<Row>, "rows" | "label" | "start" | "format"> & {
  x: ReturnType<typeof scaleBand<number>>;
  y: ReturnType<typeof scaleLinear<number>>;
  ticks: number[] | undefined;
}) {
  const band = x.bandwidth();
  const isAtEdge = (index: number) => (x(index) ?? 0) < EDGE_PX;
  return (
    <>
      <AxisLeft
        scale={y}
        {...(ticks ? { tickValues: ticks } : { numTicks: VALUE_TICKS })}
        hideAxisLine
        hideTicks
        tickFormat={(value) => format(value.valueOf())}
        tickClassName={classes["tick"] ?? ""}
        tickLabelProps={{ dx: -4, dy: 4, textAnchor: "end" }}
      />
      <AxisBottom
        top={y.range()[0] ?? 0}
        scale={x}
        tickValues={namedRows(rows.map(start), band)}
        hideAxisLine
        hideTicks
        tickFormat={(index) => label(rows[index]!)}
        tickClassName={classes["tick"] ?? ""}
        tickLabelProps={(index) => ({
          dy: 4,
          // Beside the edge it would be cut off.
          textAnchor: isAtEdge(index) ? "start" : "middle",
          dx: isAtEdge(index) ? -band / 2 : 0,
        })}
      />
    </>
  );
}

function Tooltip<Row>({
  row,
  series,
  label,
  format,
  place,
}: Pick<ChartProps<Row>, "series" | "label" | "format"> & {
  row: Row;
  /** Beside the row, on the side that has more room. */
  place: { left: number } | { right: number };
}) {
  return (
    <div className={classes["tooltip"]} style={place}>
      <strong>{label(row)}</strong>
      {series.map(({ name, value, color, dashed }) => {
        const shown = value(row);
        return (
          <span key={name}>
            <i style={{ borderColor: color }} data-dashed={dashed || undefined} />
            {name}
            <b>{shown === null ? "–" : format(shown)}</b>
          </span>
        );
      })}
    </div>
  );
}
