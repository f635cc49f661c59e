import { Catch, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { problemHeaders, problemOf } from './problem.js';
import type { EventLog } from './event-log.js';

declare module 'fastify' {
  interface FastifyRequest {
    /** Of the problem that it was answered with: said in the server's log beside the status. */
    problemCode: string | null;
  }
}

/** Whatever a request ends in that is no answer becomes a problem; what is ours to mend is logged, without values. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  constructor(private readonly log: EventLog) {}

  catch(error: unknown, host: ArgumentsHost): void {
    const reply = host.switchToHttp().getResponse<FastifyReply>();
    const problem = problemOf(error);
    host.switchToHttp().getRequest<FastifyRequest>().problemCode = problem.code;
    if (problem.status === 500) this.log.fault(error);
    if (reply.sent) return;
    void reply.code(problem.status).headers(problemHeaders(problem)).send(JSON.stringify(problem));
  }
}
