/** Words of release notes: what a line says, what it claims, and what a run says of the claim. */
import type { Invariant, Metric } from '../../scenarios/scenario.ts';
import type { Interval } from './verdict.ts';

/** `docs` is all that does not run in production: tests, builds and release chores too. */
export type EntryType = 'perf' | 'fix' | 'feature' | 'change' | 'security' | 'deps' | 'revert' | 'docs';

/** The part of a gateway that a line is about; `other` when nothing in it tells. */
export type Area =
  | 'etcd-sync'
  | 'router'
  | 'upstream'
  | 'healthcheck'
  | 'keepalive'
  | 'proxy-path'
  | 'proxy-headers'
  | 'proxy-streaming'
  | 'websocket'
  | 'tls'
  | 'discovery-dns'
  | 'plugin'
  | 'lifecycle'
  | 'admin-api'
  | 'observability'
  | 'docs'
  | 'other';

/** `suspected`: no mark, but its words are those of a change that breaks users. */
export type Breaking = 'marked' | 'suspected' | 'no';

/** What can be measured of a gateway. */
export type Subject = Metric | Invariant;

/** A file of release notes. The name is kept as it was given, for messages; a folder's files are named one by one. */
export interface ChangelogFile {
  readonly name: string;
  readonly text: string;
}

/** One line of release notes, cleaned: text without links, marks, authors and numbers of pull requests. */
export interface Entry {
  /** Unique in what was read, such as `3.2.0#123` or `3.2.0:L17`. */
  readonly id: string;
  readonly version: string;
  /** Headings above it below the version's, outermost first, joined by ` / `; empty when there is none. */
  readonly section: string;
  readonly text: string;
  /** The line that it is nested under. */
  readonly parent?: string;
  /** Pull requests, ascending: by these the same change is known again in another version. */
  readonly prs: readonly number[];
  /** Signs such as `warning`, without their colons. */
  readonly marks: readonly string[];
  /** Areas that the project itself names for it. */
  readonly tags: readonly string[];
  /** Of a conventional commit: `fix` and `etcd` of `fix(etcd): …`. */
  readonly prefix?: string;
  readonly scope?: string;
  readonly file: string;
  readonly line: number;
}

/** What release notes hold of one version. Only `listed` has entries; no other state means "no changes". */
export interface VersionNotes {
  readonly version: string;
  readonly file: string;
  readonly line: number;
  readonly state: 'listed' | 'elsewhere' | 'cancelled' | 'same-as-another' | 'empty';
  /** Why it is not listed, in the file's own words. */
  readonly note?: string;
  readonly entries: readonly Entry[];
  /** Lines that are bullets, nested ones too. */
  readonly bullets: number;
}

/** A label, and what in the line or around it gave it. */
export interface Label<T> {
  readonly value: T;
  readonly because: string;
}

/** A measured effect that a line announces. */
export interface Claim {
  readonly subject: Subject;
  /** Of the canary over stable; `same` for a line that promises no change. */
  readonly direction: 'better' | 'worse' | 'same';
  /** The announced ratio canary over stable, such as 0.7 for "30 % faster"; absent when the line gives no number. */
  readonly size?: number;
  readonly because: string;
}

export interface LabelledEntry extends Entry {
  readonly type: Label<EntryType>;
  /** The likeliest first; never empty. */
  readonly areas: readonly [Label<Area>, ...Label<Area>[]];
  readonly breaking: Label<Breaking>;
  /** Of the area `plugin`: which. */
  readonly plugin?: string;
  readonly claims: readonly Claim[];
  /** Further versions that list the same change. */
  readonly alsoIn: readonly string[];
}

export type ClaimVerdict = 'confirmed' | 'contradicted' | 'no-effect' | 'not-exercised' | 'no-power' | 'not-measurable';

/** What a run says of one line. */
export interface HeldEntry extends LabelledEntry {
  readonly verdict: ClaimVerdict;
  readonly because: string;
  /** Where it was decided. */
  readonly scenario?: string;
  readonly subject?: Subject;
  readonly estimate?: number;
  readonly interval?: Interval;
  /** With `no-power`: the smallest change that the run could have shown, as a share of stable's value (0.25 = 25 %). */
  readonly smallestVisible?: number;
}

/** A measured change, and who could have done it. */
export interface Move {
  readonly scenario: string;
  readonly subject: Subject;
  readonly direction: 'better' | 'worse';
  /** Canary over stable; metrics only. */
  readonly estimate?: number;
  readonly interval?: Interval;
  readonly pValue?: number;
  readonly because: string;
  /** Ids of entries that account for it; empty = unexplained. */
  readonly explainedBy: readonly string[];
  /** Ids of entries of the same area that do not account for it, likeliest first. */
  readonly candidates: readonly string[];
}

/** A scenario worth running, and the entries that call for it. */
export interface CalledScenario {
  readonly scenario: string;
  readonly calledBy: readonly { readonly id: string; readonly because: string }[];
}

/** What was seen of one file or set of files. */
export interface SeenNotes {
  readonly versions: readonly string[];
  /** Changes by their pull requests or words, so that a line that is reworded or ported back is not new. */
  readonly changes: readonly string[];
}

/** What is new in one of the watched files or folders. */
export interface WatchedNews {
  readonly watched: string;
  /** It was never looked at: everything is known from now on, and nothing is new. */
  readonly firstLook: boolean;
  readonly versions: readonly string[];
  readonly entries: readonly LabelledEntry[];
  readonly ported: number;
  readonly called: readonly CalledScenario[];
}

export interface ChangelogSource {
  readonly file: string;
  readonly dialect: string;
  readonly sha256: string;
  readonly versions: number;
  readonly bullets: number;
}

/** `changelog.json`. It is beside the verdict and never moves it. */
export interface ChangelogReport {
  readonly schema: 1;
  readonly from: string;
  readonly to: string;
  readonly sources: readonly ChangelogSource[];
  /** Versions within the range of which nothing is known: "changelog missing", never "no changes". */
  readonly missing: readonly { readonly version: string; readonly why: string }[];
  /** What a reader of the files should know, such as a file that ends in the middle of a link. */
  readonly notes: readonly string[];
  readonly entries: readonly (LabelledEntry | HeldEntry)[];
  readonly called: readonly CalledScenario[];
  /** Areas of suspicious entries that no scenario exercises. */
  readonly uncovered: readonly Area[];
  /** With a run: its builds, its own decision, and what moved in it. */
  readonly run?: {
    readonly stable: string;
    readonly canary: string;
    readonly decision: string;
    readonly moves: readonly Move[];
    /** What the run could not tell, such as `latency-p99 in route-flood`: whether it moved is not known. */
    readonly untold: readonly string[];
    /** Every constant that moved a word of this report. */
    readonly constants: Readonly<Record<string, number>>;
  };
}
