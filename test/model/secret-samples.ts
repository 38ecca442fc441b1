/** Secrets made up here, in their documented forms; nothing of them was ever valid. */

/** Of both cases and digits. */
export function letters(count: number): string {
  return 'aB3'.repeat(count).slice(0, count);
}

export const TOKENS: Readonly<Record<string, string>> = {
  'a GitHub token of an app': `ghs_${letters(36)}`,
  'a GitHub token of an app in the form of 2026': `ghs_1234567_eyJ${letters(40)}.eyJ${letters(90)}.${letters(43)}-_${letters(43)}`,
  'a personal token': `ghp_${letters(36)}`,
  'an OAuth token': `gho_${letters(36)}`,
  'a token of a user': `ghu_${letters(36)}`,
  'a refresh token': `ghr_${letters(76)}`,
  'a fine-grained token': `github_pat_11${'AB3'.repeat(7)}_${letters(59)}`,
  'an AWS key': `AKIA${'QZ7'.repeat(6).slice(0, 16)}`,
  'a temporary AWS key': `ASIA${'QZ7'.repeat(6).slice(0, 16)}`,
  'a Slack token': `xoxb-${'123'.repeat(4)}-${letters(24)}`,
  'an npm token': `npm_${letters(36)}`,
  'a PyPI token': `pypi-AgEIcHlwaS5vcmc${letters(60)}`,
  'a Google key': `AIza${letters(35)}`,
  'a Stripe key': `sk_live_${letters(24)}`,
  'a restricted Stripe key': `rk_live_${letters(24)}`,
  'a GitLab token': `glpat-${letters(20)}`,
  'a JSON web token': `eyJ${letters(20)}.eyJ${letters(20)}.${letters(20)}`,
};
