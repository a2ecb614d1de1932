// Import this first. The native half of bigint-buffer is not built here (no install scripts run) and its JavaScript
// half does as well; it says so on standard error at every start, where only failures belong.

const warn = console.warn;
console.warn = (first, ...rest) => {
  if (!String(first).startsWith("bigint: Failed to load bindings")) warn(first, ...rest);
};
