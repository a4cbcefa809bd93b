import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { generated } from '../../../bench/fanout/document.ts';
import { faultsDocument, faultsFile } from '../../../scripts/fault-table.ts';
import { nightlyDocument, nightlyText } from '../../../scripts/fortnight-record.ts';
import { judgeDocument, readStudy, studyDocument } from '../../../scripts/study/document.ts';
import { trackRecord, trackRecordFile } from '../../../scripts/track-record.ts';

test.each([...generated()].map(([file, text]) => [path.basename(file), file, text]))(
  '%s says what the committed measurements say (make docs)',
  (_name, file, text) => {
    expect(readFileSync(file, 'utf8')).toBe(text);
  },
);

test('docs/FAULTS.md has every kind of fault as its injector tells of it (make docs)', () => {
  expect(readFileSync(faultsFile, 'utf8')).toBe(faultsDocument());
});

test('docs/JUDGE.md says what the committed sessions say (make judge-study, make docs)', () => {
  expect(readFileSync(judgeDocument, 'utf8')).toBe(studyDocument(readStudy()));
});

test('docs/NIGHTLY.md says what the last fortnight says, and shows only pictures that are there (make fortnight, make docs)', () => {
  const text = readFileSync(nightlyDocument, 'utf8');
  expect(text).toBe(nightlyText());
  const pictures = [...text.matchAll(/!\[[^\]]*\]\(([^)]+)\)/g)].map((match) => path.resolve('docs', match[1] ?? ''));
  expect(pictures.filter((file) => !existsSync(file))).toEqual([]);
});

test('docs/TRACK-RECORD.md says what the recorded runs say, and what has not been run (make docs)', () => {
  expect(readFileSync(trackRecordFile, 'utf8')).toBe(trackRecord());
});
