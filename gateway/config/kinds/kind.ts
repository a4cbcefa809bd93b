/** What a kind of configuration object is: where it stands in etcd, its schema, and how its value is read. */
import type { SchemaObject } from 'ajv';

export interface ObjectKind<T> {
  /** Folder under the prefix, such as `routes`. */
  readonly directory: string;
  readonly schema: SchemaObject;
  /** Where a value holds what APISIX encrypts, each as a path. */
  readonly secrets?: readonly (readonly string[])[];
  /** From a value that fits the schema. Throws BadItem for what no schema can say. */
  read(id: string, value: never): T;
}
