"""The one style of the report's pages: light and dark, wide and narrow, on paper."""

STYLE = """
:root{color-scheme:light dark;--paper:#fbfaf6;--sheet:#fff;--ink:#1f1d1a;--soft:#5a554d;--line:#d9d4c8;--edge:#857d70;
--accent:#0a5a63;--wash:#e0eff0;--open:#8a5a00;--quota:#3b3f8f;--quota-wash:#e2e4f7;--struck:#9b2c2c}
@media screen and (prefers-color-scheme:dark){:root{--paper:#16181b;--sheet:#1d2024;--ink:#ecebe6;--soft:#b3aea4;
--line:#3a3d42;--edge:#8b8880;--accent:#6cc7d0;--wash:#17363a;--open:#e3b04b;--quota:#aab0f5;--quota-wash:#262a4a;
--struck:#f0a3a3}}
*{box-sizing:border-box}
html{-webkit-text-size-adjust:100%;text-size-adjust:100%}
body{margin:0;background:var(--paper);color:var(--ink);overflow-wrap:break-word;
font:1.0625rem/1.6 system-ui,"Segoe UI",Roboto,"Noto Sans","DejaVu Sans",sans-serif}
main{max-width:56rem;margin-inline:auto;padding:clamp(1.2rem,4vw,3rem) clamp(1rem,4vw,2.5rem) 4rem}
h1,h2,h3{font-family:Charter,"Bitstream Charter","Iowan Old Style",Cambria,Georgia,serif;line-height:1.2;font-weight:600;text-wrap:balance}
h1{font-size:clamp(1.75rem,1.3rem + 2vw,2.6rem);margin:0 0 .4em}
h2{font-size:1.6rem;margin:2.2em 0 .5em}
h3{font-size:1.2rem;margin:1.6em 0 .3em}
p,li,dd,figcaption{max-width:68ch}
.lead{font:400 1.2rem/1.55 Charter,"Bitstream Charter","Iowan Old Style",Cambria,Georgia,serif}
.soft,figcaption,.key,caption{color:var(--soft);font-size:.94rem}
figcaption b{color:var(--ink)}
code{font:.92em ui-monospace,"Cascadia Mono","DejaVu Sans Mono",monospace;overflow-wrap:anywhere}
.message{border:1px solid var(--line);border-inline-start:5px solid var(--open);background:var(--sheet);border-radius:.3rem;padding:.7rem 1rem}
.facts{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,9.5rem),1fr));gap:1px;background:var(--line);border:1px solid var(--line);border-radius:.5rem;overflow:hidden;margin:1.5rem 0}
.facts div{background:var(--sheet);padding:.8rem 1rem;display:flex;flex-direction:column-reverse;justify-content:flex-end}
.facts dt{color:var(--soft);font-size:.9rem;line-height:1.35}
.facts dd{margin:0;font-size:1.5rem;font-weight:600;font-variant-numeric:tabular-nums}
dl.list{display:grid;grid-template-columns:fit-content(40%) minmax(0,1fr);gap:.3rem 1.5rem}
dl.list dt{color:var(--soft)}
dl.list dd{margin:0;min-width:0;white-space:pre-line}
figure{margin:1.5rem 0 2rem}
figcaption{margin-bottom:.6rem}
.key{display:flex;flex-wrap:wrap;gap:.1rem 1.2rem;list-style:none;padding:0;margin:0 0 .8rem}
.key svg{display:inline-block;width:1.6rem;height:.9rem;margin-inline-end:.4rem;vertical-align:-.1rem}
svg{display:block;width:100%}
svg *{vector-effect:non-scaling-stroke}
.frame{display:grid;grid-template-columns:auto minmax(0,1fr);gap:.3rem .6rem;font-size:.85rem;color:var(--soft);font-variant-numeric:tabular-nums;padding-top:.6rem;padding-inline-end:1.4rem}
.frame svg{height:min(20rem,60vw)}
.y{display:flex;flex-direction:column;justify-content:space-between;text-align:end}
.frame.over .y{padding-top:calc(min(20rem,60vw)*36/336)}
.y span{height:0;line-height:0}
.x{grid-column:2;display:flex;justify-content:space-between;padding-bottom:.3rem}
.frame.cut .x{padding-inline-end:10%}
.x span{width:0;display:flex;justify-content:center;white-space:nowrap}
.x span:nth-last-child(2):not(:first-child){overflow:visible}
.grid{stroke:var(--line)}
.area{fill:var(--wash)}
.curve{fill:none;stroke:var(--accent);stroke-width:3}
.bar{fill:var(--accent)}
.bar.beyond{fill:var(--wash);stroke:var(--accent);stroke-width:2;stroke-dasharray:3 3}
.equal{stroke:var(--ink);stroke-width:2;stroke-dasharray:7 5}
.bound{stroke:var(--open);stroke-width:2.5;stroke-dasharray:2 3}
.mark{stroke:var(--struck);stroke-width:3}
.quota{fill:var(--quota-wash);stroke:var(--quota)}
.pool{fill:var(--edge)}
.mean{fill:var(--accent)}
.population{stroke:var(--ink);stroke-width:3}
.range{fill:var(--wash);stroke:var(--accent)}
.average{stroke:var(--accent);stroke-width:5}
.strips{list-style:none;margin:.2rem 0 1rem;padding:0}
.strips li{display:grid;grid-template-columns:minmax(0,11rem) minmax(0,1fr) 4.6em;gap:.8rem;align-items:center;max-width:none;margin-block:.3rem;line-height:1.25}
.strips svg{height:1.9rem}
.strips .axis{margin-top:0}
.strips .axis .x{grid-column:2;padding:0;font-size:.8rem;color:var(--soft)}
.axis .x span:first-child{justify-content:flex-start}
.axis .x span:last-child{justify-content:flex-end}
.strips .n{text-align:end;font-variant-numeric:tabular-nums;white-space:nowrap}
.scroll{overflow-x:auto;margin-block:1rem}
table{border-collapse:collapse;width:100%;font-variant-numeric:tabular-nums}
caption{text-align:start;padding-bottom:.4rem}
th,td{text-align:end;padding:.4rem 0 .4rem .8rem;border-bottom:1px solid var(--line);vertical-align:top;overflow-wrap:normal}
th{font-weight:600;font-size:.92rem;vertical-align:bottom}
th:first-child{text-align:start;padding-inline-start:0}
tbody th{font-weight:400;font-size:1em;vertical-align:top}
tbody .group th{font:600 1.05rem Charter,"Bitstream Charter",Cambria,Georgia,serif;padding-top:1rem}
:focus-visible{outline:3px solid var(--accent);outline-offset:3px}
.columns{columns:5.5em;font-variant-numeric:tabular-nums;padding:0;list-style:none}
@media(max-width:34rem){.strips li{grid-template-columns:minmax(0,1fr) auto;gap:0 .8rem}.strips svg,.strips .axis .x{grid-row:2;grid-column:1/-1}
dl.list{grid-template-columns:minmax(0,1fr);gap:0}dl.list dd{margin-bottom:.6rem}.wide table{min-width:34rem}}
@media print{@page{margin:13mm}body{font-size:9pt;line-height:1.4;background:#fff}main{max-width:none;padding:0}
h1{font-size:18pt}h2{font-size:13pt;margin:1.2em 0 .4em}p,li,dd,figcaption{max-width:none}p{margin:.5em 0}.lead{font-size:11pt}
.soft,figcaption,.key,caption,.facts dt{font-size:8.5pt}.frame,.strips .axis .x{font-size:7.5pt}th:first-child{min-width:7rem}
.facts{margin:.8rem 0;grid-template-columns:repeat(4,1fr)}.facts div{padding:.4rem .7rem}.facts dd{font-size:13pt}
.pair{display:grid;grid-template-columns:1fr 1fr;gap:2rem;align-items:end}figure{margin:.6rem 0}.frame svg{height:4.6cm}
.frame.over .y{padding-top:calc(4.6cm*36/336)}.groups{columns:2;column-gap:2rem}.strips{margin:0 0 .5rem}
.strips li{margin-block:.1rem;grid-template-columns:minmax(0,6.5rem) minmax(0,1fr) 3.4em;gap:.5rem}.strips svg{height:1.15rem}
.scroll{overflow:visible;margin-block:.6rem}th,td,tbody th{padding:.12rem 0 .12rem .6rem;font-size:8.5pt}
tbody .group th{font-size:9pt;padding-top:.35rem}
.facts,li,tr,.keep,.pair figure{break-inside:avoid}h2,h3,figcaption,thead,.group{break-after:avoid}
*{print-color-adjust:exact;-webkit-print-color-adjust:exact}}
""".strip()
