import { Type } from 'class-transformer';
import { IsDefined, IsObject, ValidateNested } from 'class-validator';
import { IdentifierRef, SubjectCommand } from '../../command.js';
import type { Decision } from '../../decision.js';
import { Refusal } from '../../refusals.js';
import { told } from '../../told.js';
import type { SubjectState } from '../subject.js';

/** An identifier is the person's no longer (a work address passes on with the position): its claim is released. */
export class UnlinkIdentifier extends SubjectCommand {
  @IsDefined()
  @IsObject()
  @ValidateNested()
  @Type(() => IdentifierRef)
  ended!: IdentifierRef;
}

export const unlinkIdentifier: Decision<UnlinkIdentifier, SubjectState> = {
  seals: () => true,
  identifying: (command) => [command.ended],
  decide(command, state, context) {
    const identifier = context.identifierOf(command.ended.kind, command.ended.value);
    const known = identifier === undefined ? undefined : state.identity.identifiers.get(identifier);
    if (known === undefined) throw new Refusal('UnknownIdentifier', { pointer: '/ended' });
    if (known.to !== undefined) return [];
    // A link's end is an upper limit of its validity: it counts from the earliest time told.
    const to = context.when.earliest;
    if (to < known.from) throw new Refusal('NotTheirOrder', { pointer: '/occurredAt' });
    return [
      {
        type: 'SubjectIdentifierUnlinked',
        data: { identifier: known.identifier, to },
        ...told(command, context),
        links: [{ change: 'unlink', identifier: known.identifier, to }],
      },
    ];
  },
};
