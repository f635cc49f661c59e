import { Controller, Delete, Get, HttpCode, Param, Post } from '@nestjs/common';
import { ApiBearerAuth, ApiBody, ApiOperation, ApiTags } from '@nestjs/swagger';
import { IsIn, IsOptional, IsString, Matches, MaxLength, MinLength } from 'class-validator';
import { formatInstant, normalInstant, parseInstant } from '#law/instant.js';
import { checkerOf, ID_CONSTRAINT } from '#nest/checker.js';
import { EdgeFault, invalidAt } from '#nest/problem.js';
import { Sent } from '#nest/recording.js';
import { For } from '#nest/roles.js';
import { schemaOf } from '#nest/schema-of.js';
import { requireUuid } from '#nest/unusable-id.js';
import type { Actor } from '#vault/vault.js';
import { ServerParts } from './server-parts.js';

const ROLES = ['upstream', 'officer', 'auditor'] as const satisfies readonly Actor['role'][];
const DAY_MS = 86_400_000;

export class NewToken {
  /** Whose it is; kept sealed. */
  @IsString()
  @MinLength(1)
  @MaxLength(200)
  name!: string;

  @IsIn(ROLES)
  role!: (typeof ROLES)[number];

  /** The registered system that an upstream speaks for. */
  @IsOptional()
  @Matches(/^[a-z][a-z0-9-]{0,62}$/, { message: '$property is not a registered id: [a-z][a-z0-9-]{0,62}', context: { constraint: ID_CONSTRAINT } })
  system?: string;

  /** From now, in days. */
  @IsOptional()
  @Matches(/^P[1-9]\d{0,3}D$/, { message: '$property is a number of days, P90D for one' })
  expires?: string;

  @IsOptional()
  @IsString()
  @MaxLength(40)
  expiresAt?: string;
}

checkerOf(NewToken);

@ApiTags('tokens')
@ApiBearerAuth()
@For('officer')
@Controller('v1/tokens')
export class TokensController {
  constructor(private readonly parts: ServerParts) {}

  @Post()
  @HttpCode(201)
  @ApiOperation({ summary: 'Makes a token, which is told this once' })
  @ApiBody({ schema: { ...schemaOf(NewToken), example: { name: 'newsletter import', role: 'upstream', system: 'newsletter-system', expires: 'P90D' } } })
  async create(@Sent(NewToken) { name, role, system, expires, expiresAt }: NewToken): Promise<object> {
    this.#requireSystem(role, system);
    const until = untilOf(expires, expiresAt, Date.now());
    const made = await this.parts.vault.createActor({ name, role, ...(system !== undefined && { system }), ...(until !== undefined && { expiresAt: until }) });
    return { ...shown(made.actor), token: made.token };
  }

  @Get()
  @ApiOperation({ summary: 'All tokens that were made, without the tokens' })
  async list(): Promise<object> {
    return { tokens: (await this.parts.vault.actors()).map(shown) };
  }

  @Delete(':id')
  @HttpCode(204)
  @ApiOperation({ summary: 'Revokes a token, at once' })
  async revoke(@Param('id') id: string): Promise<void> {
    const isKnown = await this.parts.vault.revokeActor(requireUuid(id, '/id'), new Date().toISOString());
    this.parts.authentication.forget();
    if (!isKnown) throw new EdgeFault('NoSuchToken');
  }

  /** An upstream speaks for one system that the policy knows; the others for none. */
  #requireSystem(role: Actor['role'], system: string | undefined): void {
    if (role !== 'upstream' && system !== undefined) throw invalidAt('Invalid', '/system', 'is for upstreams only');
    if (role !== 'upstream') return;
    const { registers } = this.parts;
    const known = [...new Set(registers.controllers().flatMap((controller) => registers.newestPolicy(controller)?.model.alternatives('system') ?? []))].sort();
    if (system === undefined) throw new EdgeFault('Invalid', { pointer: '/system', errors: [{ pointer: '/system', detail: 'is missing' }], alternatives: known });
    if (!known.includes(system)) throw new EdgeFault('UnknownSystem', { pointer: '/system', alternatives: known });
  }
}

function untilOf(expires: string | undefined, expiresAt: string | undefined, nowMs: number): string | undefined {
  if (expires !== undefined && expiresAt !== undefined) throw invalidAt('Invalid', '/expires', 'is told beside expiresAt');
  if (expires !== undefined) return formatInstant(nowMs + Number(expires.slice(1, -1)) * DAY_MS);
  if (expiresAt === undefined) return undefined;
  const ms = parseInstant(expiresAt);
  if (ms === undefined || ms <= nowMs) throw invalidAt('UnusableTime', '/expiresAt', 'is no instant to come');
  return normalInstant(expiresAt, ms);
}

function shown({ id, name, role, system, expiresAt, revokedAt }: Actor): object {
  return { id, name, role, ...(system !== undefined && { system }), ...(expiresAt !== undefined && { expiresAt }), ...(revokedAt !== undefined && { revokedAt }) };
}
