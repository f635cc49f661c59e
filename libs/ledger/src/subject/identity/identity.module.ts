import { Module } from '@nestjs/common';
import { CqrsModule } from '@nestjs/cqrs';
import { handlerOf } from '#nest/recording.js';
import { RecordAgeBand } from './age.command.js';
import { IdentityController } from './identity.controller.js';
import { LinkIdentifier } from './link-identifier.command.js';
import { FlagProtectedIdentity, LiftProtectedIdentity, RecordDeath } from './protection.commands.js';
import { RegisterSubject } from './register-subject.command.js';
import { EndRelationship, StartRelationship } from './relationship.commands.js';
import { EndRepresentation, StartRepresentation } from './representation.commands.js';
import { UnlinkIdentifier } from './unlink-identifier.command.js';

const commands = [RegisterSubject, LinkIdentifier, UnlinkIdentifier, StartRelationship, EndRelationship, StartRepresentation, EndRepresentation, FlagProtectedIdentity, LiftProtectedIdentity, RecordAgeBand, RecordDeath];

@Module({ imports: [CqrsModule], controllers: [IdentityController], providers: commands.map(handlerOf) })
export class IdentityModule {}
