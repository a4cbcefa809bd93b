import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { generated } from '../../../bench/fanout/document.ts';
import { faultsDocument, faultsFile } from '../../../scripts/fault-table.ts';
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

test('docs/TRACK-RECORD.md says what the recorded runs say, and what has not been run (make docs)', () => {
  expect(readFileSync(trackRecordFile, 'utf8')).toBe(trackRecord());
});
