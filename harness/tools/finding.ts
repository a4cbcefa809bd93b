/** What the doctor says of one thing that a host may have. */
export interface Finding {
  readonly name: string;
  readonly found: boolean;
  /** Without it the main job does not run. */
  readonly needed: boolean;
  /** Version, place and the like; or why it counts as lacking. */
  readonly detail: string;
  readonly version?: string;
  /** How or where it was found. */
  readonly from?: string;
  /** What cannot be done without it. */
  readonly lackCosts: string;
}
