/** Which roles a route is for. A route that does not say is for nobody, and stops the start. */
import { Injectable, SetMetadata, type CanActivate, type ExecutionContext, type OnApplicationBootstrap } from '@nestjs/common';
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

/** Looks at every route of every controller when the application starts. */
@Injectable()
export class EveryRouteHasRoles implements OnApplicationBootstrap {
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
        if (this.reflector.getAllAndOverride<Declared>(ROLES, [handler, metatype]) === undefined)
          throw new Error(`the route ${metatype.name}.${name} does not say which roles it is for`);
      }
    }
  }
}
