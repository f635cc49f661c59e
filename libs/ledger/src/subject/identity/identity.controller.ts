import { Controller } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { ApiTags } from '@nestjs/swagger';
import { CommandRoute } from '#nest/command-route.js';
import { Told } from '#nest/recording.js';
import { For } from '#nest/roles.js';
import { RecordAgeBand } from './age.command.js';
import { commandExamples } from './identity.examples.js';
import { LinkIdentifier } from './link-identifier.command.js';
import { FlagProtectedIdentity, LiftProtectedIdentity, RecordDeath } from './protection.commands.js';
import { RegisterSubject } from './register-subject.command.js';
import { EndRelationship, StartRelationship } from './relationship.commands.js';
import { EndRepresentation, StartRepresentation } from './representation.commands.js';
import { UnlinkIdentifier } from './unlink-identifier.command.js';

@ApiTags('identity')
@For('upstream', 'officer')
@Controller('v1/commands')
export class IdentityController {
  constructor(private readonly commands: CommandBus) {}

  @CommandRoute(RegisterSubject, commandExamples.RegisterSubject)
  registerSubject(@Told(RegisterSubject) command: RegisterSubject): Promise<object> {
    return this.commands.execute(command);
  }

  @CommandRoute(LinkIdentifier, commandExamples.LinkIdentifier)
  linkIdentifier(@Told(LinkIdentifier) command: LinkIdentifier): Promise<object> {
    return this.commands.execute(command);
  }

  @CommandRoute(UnlinkIdentifier, commandExamples.UnlinkIdentifier)
  unlinkIdentifier(@Told(UnlinkIdentifier) command: UnlinkIdentifier): Promise<object> {
    return this.commands.execute(command);
  }

  @CommandRoute(StartRelationship, commandExamples.StartRelationship)
  startRelationship(@Told(StartRelationship) command: StartRelationship): Promise<object> {
    return this.commands.execute(command);
  }

  @CommandRoute(EndRelationship, commandExamples.EndRelationship)
  endRelationship(@Told(EndRelationship) command: EndRelationship): Promise<object> {
    return this.commands.execute(command);
  }

  @CommandRoute(StartRepresentation, commandExamples.StartRepresentation)
  startRepresentation(@Told(StartRepresentation) command: StartRepresentation): Promise<object> {
    return this.commands.execute(command);
  }

  @CommandRoute(EndRepresentation, commandExamples.EndRepresentation)
  endRepresentation(@Told(EndRepresentation) command: EndRepresentation): Promise<object> {
    return this.commands.execute(command);
  }

  @CommandRoute(FlagProtectedIdentity, commandExamples.FlagProtectedIdentity)
  flagProtectedIdentity(@Told(FlagProtectedIdentity) command: FlagProtectedIdentity): Promise<object> {
    return this.commands.execute(command);
  }

  @CommandRoute(LiftProtectedIdentity, commandExamples.LiftProtectedIdentity)
  liftProtectedIdentity(@Told(LiftProtectedIdentity) command: LiftProtectedIdentity): Promise<object> {
    return this.commands.execute(command);
  }

  @CommandRoute(RecordAgeBand, commandExamples.RecordAgeBand)
  recordAgeBand(@Told(RecordAgeBand) command: RecordAgeBand): Promise<object> {
    return this.commands.execute(command);
  }

  @CommandRoute(RecordDeath, commandExamples.RecordDeath)
  recordDeath(@Told(RecordDeath) command: RecordDeath): Promise<object> {
    return this.commands.execute(command);
  }
}
