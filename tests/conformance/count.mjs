// Counts what a suite wrote: node count.mjs FOLDER SCENARIOS. Prints what failed, and last `N passed, N failed`.
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

const [folder, wanted] = process.argv.slice(2);
const scenarios = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isDirectory()).map((entry) => entry.name).sort();
let [passed, failed, tried] = [0, 0, 0];
for (const scenario of scenarios) {
  const checks = JSON.parse(readFileSync(join(folder, scenario, 'checks.json'), 'utf8'));
  tried += checks.some((check) => check.status !== 'SKIPPED') ? 1 : 0;
  for (const check of checks) {
    if (check.status === 'SUCCESS') passed++;
    else if (check.status !== 'INFO' && check.status !== 'SKIPPED') {
      failed++;
      console.log(`  ${check.status} ${scenario} ${check.id}: ${check.errorMessage ?? ''}`);
    }
  }
}
if (tried !== Number(wanted)) {
  failed++;
  console.log(`  ${tried} scenarios were tried, not ${wanted}: ${scenarios.join(' ')}`);
}
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);
