/** Which roles a route is for. A route that does not say is for nobody, and stops the start. */
import { Injectable, SetMetadata, type CanActivate, type ExecutionContext, type OnApplicationBootstrap, type Type } from '@nestjs/common';
import { METHOD_METADATA } from '@nestjs/common/constants.js';
import { DiscoveryService, MetadataScanner, Reflector } from '@nestjs/core';
import type { FastifyRequest } from 'fastify';
import type { Actor } from '#vault/vault.js';
import { EdgeFault } from './problem.js';

export type Role = Actor['role'];
const ROLES = 'liggare:roles';

/** Whoever has a token with one of these roles. */
export const For = (...roles: readonly Role[]): MethodDecorator & ClassDecorator => SetMetadata(ROLES, roles);
/** No token is needed. */
export const ForEverybody = (): MethodDecorator & ClassDecorator => SetMetadata(ROLES, 'everybody');

type Declared = readonly Role[] | 'everybody' | undefined;

@Injectable()
export class RoleGuard implements CanActivate {
  constructor(private readonly reflector: Reflector) {}

  canActivate(context: ExecutionContext): boolean {
    const declared = this.reflector.getAllAndOverride<Declared>(ROLES, [context.getHandler(), context.getClass()]);
    if (declared === 'everybody') return true;
    const { actor } = context.switchToHttp().getRequest<FastifyRequest>();
    if (actor !== null && declared !== undefined && declared.includes(actor.role)) return true;
    throw new EdgeFault('NotPermitted');
  }
}

/** On a command's typed route: the class of the command. */
export const COMMAND = 'liggare:command';

/**
 * Looks at every route of every controller when the application starts; then knows which roles each command is for, whichever way it
 * comes: what an officer's own route keeps from upstreams, no CloudEvent and no list brings in.
 */
@Injectable()
export class RouteRoles implements OnApplicationBootstrap {
  readonly #commands = new Map<unknown, Declared>();

  constructor(
    private readonly discovery: DiscoveryService,
    private readonly scanner: MetadataScanner,
    private readonly reflector: Reflector,
  ) {}

  onApplicationBootstrap(): void {
    for (const { metatype, instance } of this.discovery.getControllers()) {
      if (typeof metatype !== 'function') continue;
      const prototype = Object.getPrototypeOf(instance) as Record<string, unknown>;
      for (const name of this.scanner.getAllMethodNames(prototype)) {
        const handler = prototype[name];
        if (typeof handler !== 'function' || !Reflect.hasMetadata(METHOD_METADATA, handler)) continue;
        const declared = this.reflector.getAllAndOverride<Declared>(ROLES, [handler, metatype]);
        if (declared === undefined) throw new Error(`the route ${metatype.name}.${name} does not say which roles it is for`);
        const command: unknown = Reflect.getMetadata(COMMAND, handler);
        if (command !== undefined) this.#commands.set(command, declared);
      }
    }
  }

  /** A command without a route of its own is for nobody. */
  may(role: Role, command: Type<object>): boolean {
    const declared = this.#commands.get(command);
    return declared === 'everybody' || (declared?.includes(role) ?? false);
  }

  /** Throws `NotPermitted`. */
  require(role: Role, command: Type<object>): void {
    if (!this.may(role, command)) throw new EdgeFault('NotPermitted');
  }
}
