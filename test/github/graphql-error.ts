/** Errors of GraphQL as GitHub has them: with a type. */
import { GraphQLError } from 'graphql';
import { isAllowed, NOT_ACCESSIBLE, type Identity, type Needs } from './types.ts';

export function typed(type: string, message: string): GraphQLError {
  return new GraphQLError(message, { extensions: { type } });
}

/** Throws FORBIDDEN, which leaves the rest of the answer whole where the field may be null. */
export function assertAllowed(who: Identity, needs: Needs): void {
  if (!isAllowed(who, needs)) throw new GraphQLError(NOT_ACCESSIBLE, { extensions: { type: 'FORBIDDEN', saml_failure: false } });
}
