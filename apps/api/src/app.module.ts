import { Module, type DynamicModule } from '@nestjs/common';
import { APP_GUARD, DiscoveryModule } from '@nestjs/core';
import { CqrsModule } from '@nestjs/cqrs';
import { ActivityModule } from '#ledger/activity/activity.module.js';
import { AuthorityModule } from '#ledger/authority/authority.module.js';
import { ConferenceModule } from '#ledger/conference/conference.module.js';
import { OrganisationModule } from '#ledger/organisation/organisation.module.js';
import { QueriesModule, QUERY_PARTS } from '#ledger/queries.module.js';
import { ArrangementModule } from '#ledger/recipient/arrangement.module.js';
import { RecipientModule } from '#ledger/recipient/recipient.module.js';
import { RegistersModule } from '#ledger/registers/registers.module.js';
import { SourceModule } from '#ledger/source/source.module.js';
import { RegisterQueriesModule } from '#ledger/register-queries.module.js';
import { ConsentModule } from '#ledger/subject/consent/consent.module.js';
import { DeviationModule } from '#ledger/subject/deviation/deviation.module.js';
import { DisclosureModule } from '#ledger/subject/disclosure/disclosure.module.js';
import { HoldingModule } from '#ledger/subject/holding/holding.module.js';
import { IdentityModule } from '#ledger/subject/identity/identity.module.js';
import { MergeModule } from '#ledger/subject/merge/merge.module.js';
import { MistakeModule } from '#ledger/subject/mistake/mistake.module.js';
import { NoticeModule } from '#ledger/subject/notice/notice.module.js';
import { ObjectionModule } from '#ledger/subject/objection/objection.module.js';
import { TransferModule } from '#ledger/subject/transfer/transfer.module.js';
import { UseModule } from '#ledger/subject/use/use.module.js';
import { PROJECTION } from '#nest/projection.js';
import { RECORDER } from '#nest/recording.js';
import { RoleGuard, RouteRoles } from '#nest/roles.js';
import { BulkController } from './bulk.controller.js';
import { CommandsController } from './commands.controller.js';
import { DecisionsController } from './decisions.controller.js';
import { DocsController, OPENAPI, type OpenApi } from './docs.controller.js';
import { HealthController } from './health.controller.js';
import { OperationsController } from './operations.controller.js';
import { ServerParts } from './server-parts.js';
import { TokensController } from './tokens.controller.js';

/** What the slices' modules inject, from what was opened before Nest began. */
@Module({})
class PartsModule {
  static of(parts: ServerParts, openApi: OpenApi): DynamicModule {
    const providers = [
      { provide: ServerParts, useValue: parts },
      { provide: RECORDER, useValue: parts.record },
      { provide: QUERY_PARTS, useValue: parts.queries },
      { provide: PROJECTION, useValue: parts.projection },
      { provide: OPENAPI, useValue: openApi },
    ];
    return { module: PartsModule, global: true, providers, exports: providers.map(({ provide }) => provide) };
  }
}

@Module({})
export class AppModule {
  static of(parts: ServerParts, openApi: OpenApi): DynamicModule {
    return {
      module: AppModule,
      imports: [
        PartsModule.of(parts, openApi),
        CqrsModule.forRoot(),
        DiscoveryModule,
        IdentityModule,
        OrganisationModule,
        RecipientModule,
        ConferenceModule,
        SourceModule,
        ActivityModule,
        ConsentModule,
        HoldingModule,
        UseModule,
        NoticeModule,
        ObjectionModule,
        DeviationModule,
        MergeModule,
        MistakeModule,
        ArrangementModule,
        DisclosureModule,
        TransferModule,
        AuthorityModule,
        RegistersModule,
        QueriesModule,
        RegisterQueriesModule,
      ],
      controllers: [CommandsController, BulkController, DecisionsController, HealthController, TokensController, OperationsController, DocsController],
      providers: [{ provide: APP_GUARD, useClass: RoleGuard }, RouteRoles],
    };
  }
}
