/** Of the page of the API, which stands alone: whoever serves the API without the pages has it too. */
export const referenceStyle = `
body { max-width: 60rem; margin: 0 auto; padding: 1rem; font: 1rem/1.5 Arial, sans-serif; color: #212b32; background: #fff; }
h1, h2, h3 { line-height: 1.25; }
h2 { margin-top: 2.5rem; padding-top: 1rem; border-top: 1px solid #aeb7bd; }
code, pre { font-family: ui-monospace, Consolas, monospace; font-size: 0.9em; overflow-wrap: anywhere; }
a { color: #005eb8; }
a:focus { outline: 4px solid #ffeb3b; color: #212b32; background: #ffeb3b; }
dt { margin-top: 0.5rem; font-weight: bold; }
dd { margin-left: 1rem; }
summary { cursor: pointer; }
pre { padding: 0.75rem; background: #f0f4f5; white-space: pre-wrap; }
`;
