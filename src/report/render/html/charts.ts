import { BarChart } from 'echarts/charts';
import { GridComponent } from 'echarts/components';
import { type EChartsCoreOption, init, use } from 'echarts/core';
import { SVGRenderer } from 'echarts/renderers';
import { displayable, Markup } from './markup.ts';

use([BarChart, GridComponent, SVGRenderer]);

/** A bar: what stands for it, and how long it is. */
export interface Bar {
  label: string;
  value: number;
}

/** Drawn for a phone, in px, so that the letters can be read there; the page scales it. */
const width = 360;
const fontSize = 13;
const rowHeight = 28;
const columnsHeight = 220;
/** For the names before bars, which the reader's font may make wider than reckoned, and for the amounts behind them. */
const nameWidth = 124;
const nameRoom = 142;
const valueWidth = 60;

// Colours are the page's own, so that they follow its dark and light.
const text = { color: 'var(--soft)', fontSize, fontFamily: 'inherit' };
const line = { lineStyle: { color: 'var(--line)' } };
const bar = { color: 'var(--bar)' };
const hidden = { show: false };

/** Bars that lie below each other, the first on top, each with its name before it and its length in words behind. */
export const rows = (bars: readonly Bar[], write: (value: number) => string): Markup =>
  draw(bars.length * rowHeight, {
    grid: { left: nameRoom, right: valueWidth, top: 0, bottom: 0, outerBoundsMode: 'none' },
    xAxis: { type: 'value', show: false },
    yAxis: {
      type: 'category',
      inverse: true,
      data: names(bars),
      axisLine: hidden,
      axisTick: hidden,
      axisLabel: {
        ...text,
        color: 'var(--ink)',
        align: 'left',
        margin: nameRoom,
        width: nameWidth,
        overflow: 'truncate',
        interval: 0,
      },
    },
    series: {
      ...seriesOf(bars.map(({ value }) => ({ value }))),
      barWidth: '55%',
      label: {
        ...text,
        show: true,
        position: 'right',
        formatter: ({ dataIndex }: Place) => write(bars[dataIndex]!.value),
      },
    },
  });

/** Bars that stand beside each other, in the order of time; `marked` is the index of the one that stands out. */
export const columns = (bars: readonly Bar[], write: (value: number) => string, marked?: number): Markup =>
  draw(columnsHeight, {
    grid: { left: 4, right: 4, top: 10, bottom: 4 },
    xAxis: {
      type: 'category',
      data: names(bars),
      axisLine: line,
      axisTick: hidden,
      axisLabel: { ...text, hideOverlap: true },
    },
    yAxis: { type: 'value', splitNumber: 3, splitLine: line, axisLabel: { ...text, formatter: write } },
    series: {
      ...seriesOf(
        bars.map(({ value }, index) =>
          index === marked ? { value, itemStyle: { color: 'var(--accent)' } } : { value },
        ),
      ),
      barCategoryGap: '30%',
    },
  });

interface Place {
  dataIndex: number;
}

/** A label stands alone, and where it is too long an isolate in it would lose its end. */
const names = (bars: readonly Bar[]): string[] =>
  bars.map(({ label }) =>
    displayable(label)
      .replaceAll('\n', ' ')
      .replace(/[\u2068\u2069]/g, ''),
  );

const seriesOf = (data: object[]) => ({ type: 'bar', silent: true, itemStyle: bar, data });

/**
 * Without what ECharts adds for a script in the page: numbers of its own, which count on from chart to chart, and a
 * style for the pointer.
 */
function draw(height: number, option: EChartsCoreOption): Markup {
  const chart = init(null, null, { renderer: 'svg', ssr: true, width, height });
  try {
    chart.setOption({ animation: false, ...option });
    const svg = chart.renderToSVGString({ useViewBox: true });
    const still = svg.replace(/<style[^>]*>[\s\S]*?<\/style>/g, '').replace(/ (class|ecmeta_\w+)="[^"]*"/g, '');
    // A name that is too long is cut, perhaps within a character.
    return new Markup(displayable(still));
  } finally {
    chart.dispose();
  }
}
