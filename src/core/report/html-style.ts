/** The style of the report: system fonts, one accent, colours that follow the reader's light or dark scheme. */
export const REPORT_STYLE = `
:root {
  color-scheme: light dark;
  --page: #fbfbfa; --card: #ffffff; --text: #1d2127; --muted: #66707c; --line: #e4e6e8;
  --good: #1a7f4b; --good-soft: #e7f4ec; --bad: #b42318; --bad-soft: #fdebe9;
  --open: #8a6100; --open-soft: #fbf3df; --bar: #9db7d5; --asked: #1d2127; --code: #f3f4f5;
}
@media (prefers-color-scheme: dark) {
  :root {
    --page: #14171b; --card: #1b1f24; --text: #e4e7ea; --muted: #98a2ad; --line: #2c3238;
    --good: #5cc48d; --good-soft: #16291f; --bad: #ff8a7d; --bad-soft: #341a18;
    --open: #e0b352; --open-soft: #2c2513; --bar: #4a6a8f; --asked: #e4e7ea; --code: #23282e;
  }
}
* { box-sizing: border-box; }
body {
  margin: 0; background: var(--page); color: var(--text);
  font: 15px/1.5 system-ui, -apple-system, "Segoe UI", "Helvetica Neue", Arial, sans-serif;
  font-variant-numeric: tabular-nums;
}
main { max-width: 1080px; margin: 0 auto; padding: 40px 28px 64px; }
h1 { font-size: 28px; line-height: 1.2; margin: 0; letter-spacing: -0.01em; }
h2 { font-size: 20px; margin: 0; letter-spacing: -0.005em; }
h3 {
  font-size: 12px; font-weight: 600; margin: 28px 0 8px; color: var(--muted);
  text-transform: uppercase; letter-spacing: 0.05em;
}
p { margin: 6px 0 0; }
small, .muted { color: var(--muted); font-size: 13px; }
div.verdict {
  color: var(--text);
  display: flex; gap: 18px; align-items: center; margin: 22px 0 26px; padding: 20px 24px;
  border-radius: 12px; background: var(--good-soft);
}
.verdict .mark { width: 44px; height: 44px; flex: none; margin: 0; }
.verdict strong { display: block; font-size: 22px; line-height: 1.25; color: var(--good); }
.verdict.broken { background: var(--bad-soft); } .verdict.broken strong { color: var(--bad); }
.verdict.unchecked { background: var(--open-soft); } .verdict.unchecked strong { color: var(--open); }
.verdict ul { margin: 8px 0 0; padding-left: 18px; }
.figures { display: flex; flex-wrap: wrap; gap: 14px 44px; margin: 0 0 34px; }
.figures div { min-width: 88px; }
.figures dt { color: var(--muted); font-size: 13px; }
.figures dd { margin: 0; font-size: 20px; font-weight: 600; letter-spacing: -0.01em; }
section {
  background: var(--card); border: 1px solid var(--line); border-radius: 12px;
  padding: 22px 24px 24px; margin: 0 0 22px;
}
section > header { display: flex; flex-wrap: wrap; gap: 4px 18px; align-items: baseline; }
section > header small { margin-left: auto; }
.scroll { overflow-x: auto; margin: 0 -4px; padding: 0 4px; }
table { border-collapse: collapse; width: 100%; font-size: 14px; }
th {
  text-align: left; font-weight: 500; color: var(--muted); font-size: 12.5px; white-space: nowrap;
}
th, td { padding: 6px 18px 6px 0; border-bottom: 1px solid var(--line); vertical-align: baseline; }
tr:last-child td { border-bottom: 0; }
th:last-child, td:last-child { padding-right: 0; }
.number { text-align: right; white-space: nowrap; }
td.nowrap { white-space: nowrap; }
td small, th small { display: block; line-height: 1.35; }
th small { font-weight: 400; font-size: 11.5px; }
.sample th, .sample td { padding-right: 16px; }
.sample td { white-space: nowrap; font: 12.5px/1.5 ui-monospace, "SF Mono", Menlo, Consolas, monospace; }
.sample td.null { color: var(--muted); }
.mark { width: 16px; height: 16px; vertical-align: -3px; margin-right: 8px; }
.holds { color: var(--good); } .broken { color: var(--bad); } .unchecked { color: var(--open); }
.promise { padding-left: 24px; text-indent: -24px; min-width: 220px; }
.promise small { text-indent: 0; }
.plots { display: grid; grid-template-columns: repeat(auto-fill, minmax(300px, 1fr)); gap: 22px 34px; }
figure { margin: 0; }
figcaption { font-size: 14px; margin-bottom: 6px; }
figcaption small { display: block; }
figure svg { width: 100%; display: block; overflow: visible; }
.found { fill: var(--bar); } .asked { stroke: var(--asked); stroke-width: 2; fill: none; }
.axis { stroke: var(--line); } svg text { fill: var(--muted); font-size: 10.5px; }
.legend { display: flex; gap: 18px; align-items: center; margin: -2px 0 10px; }
.legend svg { width: 16px; height: 12px; margin-right: 6px; vertical-align: -1px; overflow: visible; }
pre {
  margin: 8px 0 0; padding: 12px 14px; background: var(--code); border-radius: 8px; overflow-x: auto;
  font: 13px/1.55 ui-monospace, "SF Mono", Menlo, Consolas, monospace;
}
.facts { display: grid; grid-template-columns: max-content 1fr; gap: 4px 24px; margin: 12px 0 0; font-size: 14px; }
.facts dt { color: var(--muted); } .facts dd { margin: 0; overflow-wrap: anywhere; }
@media (max-width: 640px) {
  main { padding: 24px 14px 40px; }
  section { padding: 18px 16px 20px; }
  div.verdict { gap: 14px; padding: 16px 18px; }
  .verdict .mark { width: 32px; height: 32px; }
  .verdict strong { font-size: 19px; }
  .promises thead { display: none; }
  .promises tr { display: block; padding: 8px 0 8px 24px; border-bottom: 1px solid var(--line); }
  .promises tr:last-child { border-bottom: 0; }
  .promises td { display: inline; padding: 0; border: 0; color: var(--muted); font-size: 13px; }
  .promises td.promise { display: block; color: var(--text); font-size: 14px; }
  .promises td:empty { display: none; }
  .promises td[data-of]::before { content: attr(data-of) " "; }
  .promises td:not(.promise, :last-child)::after { content: " ·"; }
  .promises td.broken { color: var(--bad); font-weight: 600; }
}
@media print { body { background: none; } section { break-inside: avoid; } }
`
