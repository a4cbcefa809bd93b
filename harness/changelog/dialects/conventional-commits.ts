/** A list of Conventional Commits: as a tool formats it, or as `git log --oneline` prints it. */
import { type Dialect, markdownOfOneRelease } from './dialect.ts';

const commit =
  /^(?:[0-9a-f]{7,40} )?(?:fix|feat|perf|docs|test|ci|build|chore|refactor|style|revert)(?:\([^()]{1,60}\))?!?: /;
const bullet = /^[-*] (?:\*\*[\w/-]{1,40}:\*\* |(?:fix|feat|perf|refactor)(?:\([^()]{1,60}\))?!?: )/;

export const conventionalCommits: Dialect = {
  name: 'conventional-commits',
  recognises: ({ text }) => text.split('\n').some((line) => commit.test(line) || bullet.test(line)),
  parse({ name, text }) {
    // A bare commit is a line of its own, so it is given the bullet that it lacks.
    const lines = text.split('\n').map((line) => (commit.test(line) ? `- ${line}` : line));
    return markdownOfOneRelease({ name, text: lines.join('\n') });
  },
};
