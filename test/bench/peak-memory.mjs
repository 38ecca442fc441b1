/** Loaded before the measured program: at its end, writes its peak resident set in KiB to the file that BENCH_MEMORY_FILE names. */
import { readFileSync, writeFileSync } from 'node:fs';

process.on('exit', () => {
  let peak = process.resourceUsage().maxRSS;
  try {
    // On Linux maxRSS also counts the parent before exec; VmHWM does not.
    peak = Number(/^VmHWM:\s+(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1] ?? peak);
  } catch {
    // Not Linux: maxRSS is what there is.
  }
  writeFileSync(process.env.BENCH_MEMORY_FILE, String(peak));
});
