import { runProcess, startService } from '@openprm/lifecycle';
import { app } from './app';
import { config } from './config';

void runProcess('partner-directory', (log) => {
  const settings = config();
  return startService(app({ invitationDays: settings.INVITATION_DAYS }), settings, log);
});
