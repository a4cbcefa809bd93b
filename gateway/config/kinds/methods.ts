/** The methods that a route may name. */
import type { SchemaObject } from 'ajv';

export const methodSchema: SchemaObject = {
  type: 'string',
  enum: ['GET', 'POST', 'PUT', 'DELETE', 'PATCH', 'HEAD', 'OPTIONS', 'CONNECT', 'TRACE', 'PURGE'],
};

export const methodsSchema: SchemaObject = { type: 'array', items: methodSchema, uniqueItems: true };
