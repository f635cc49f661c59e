import { Type } from 'class-transformer';
import { IsDefined, IsObject, ValidateNested } from 'class-validator';
import { NewIdentifier, SubjectCommand } from '../../command.js';
import type { Decision } from '../../decision.js';
import type { SubjectState } from '../subject.js';
import { link } from './register-subject.command.js';

/** A further identifier of a known person. One that several share is linked as `shared` and finds nobody by itself. */
export class LinkIdentifier extends SubjectCommand {
  @IsDefined()
  @IsObject()
  @ValidateNested()
  @Type(() => NewIdentifier)
  added!: NewIdentifier;
}

export const linkIdentifier: Decision<LinkIdentifier, SubjectState> = {
  seals: () => true,
  identifying: (command) => [command.added],
  decide: (command, _state, context) =>
    context.identifierOf(command.added.kind, command.added.value) === undefined ? [link(command.added, context.newId('added'), '/added', command, context)] : [],
};
