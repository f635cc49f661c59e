/**
 * What the demo's people are made of. All of it is invented: domains are those of RFC 2606 and its Swedish like, phone numbers are of
 * the series that PTS keeps for fiction (070-1740605 to -699, 08-46500400 to -499, 031-3900600 to -699, 040-6280400 to -499), and
 * personnummer are of the series that Skatteverket publishes for tests (dataportal.se, "Testpersonnummer").
 */

export const FIRST_NAMES = [
  'Agneta', 'Alva', 'Anders', 'Arvid', 'Astrid', 'Birgit', 'Björn', 'Cecilia', 'Dag', 'Disa', 'Ebba', 'Edvin', 'Einar', 'Elsa', 'Emil', 'Folke',
  'Frida', 'Gerd', 'Göran', 'Gunvor', 'Hedda', 'Hjalmar', 'Idun', 'Ingrid', 'Jöns', 'Karin', 'Kerstin', 'Lage', 'Leila', 'Linnea', 'Maj-Britt', 'Malte',
  'Märta', 'Nadja', 'Nils', 'Olle', 'Östen', 'Pernilla', 'Ragnar', 'Rut', 'Samir', 'Signe', 'Sixten', 'Solveig', 'Sven', 'Tage', 'Tuva', 'Ulla',
  'Valdemar', 'Vera', 'Viggo', 'Viola', 'Ylva', 'Åke', 'Åsa', 'Zara',
] as const;

/** Two halves, as many Swedish surnames are made. */
export const SURNAME_BEGINNINGS = ['Al', 'Berg', 'Björk', 'Blom', 'Dal', 'Ek', 'Fors', 'Gran', 'Hag', 'Hed', 'Holm', 'Kvarn', 'Lax', 'Lind', 'Ljung', 'Lund', 'Norr', 'Rosen', 'Sjö', 'Sten', 'Ström', 'Söder', 'Tall', 'Vinter', 'Åker', 'Ört'] as const;
export const SURNAME_ENDINGS = ['backa', 'berger', 'blad', 'borg', 'felt', 'fjäll', 'gård', 'gren', 'hake', 'hult', 'kvist', 'lycka', 'mark', 'näsa', 'rot', 'skog', 'stubbe', 'torp', 'vall', 'ås'] as const;

export const STREETS = ['Påhittsgatan', 'Exempelvägen', 'Sagogränd', 'Diktarstigen', 'Fantasitorget', 'Låtsasbacken', 'Övningsallén', 'Provgatan', 'Skissvägen', 'Modellstråket'] as const;
export const TOWNS = ['Fiktorp', 'Diktinge', 'Sagåsa', 'Exempelby', 'Provhamn', 'Låtsasköping', 'Övningsfors', 'Modellvik'] as const;
export const DOMAINS = ['example.se', 'example.com', 'example.org', 'example.net'] as const;
export const COMPANY_WORDS = ['Granit', 'Fyrtorn', 'Kompass', 'Sommar', 'Silver', 'Polar', 'Vass', 'Segel', 'Tall', 'Bärnsten', 'Malm', 'Glim'] as const;
export const COMPANY_KINDS = ['Teknik', 'Bygg', 'Konsult', 'Media', 'Handel', 'Data', 'Förlag', 'Transport'] as const;
export const POSITIONS = ['inköpschef', 'it-ansvarig', 'vd', 'ekonomichef', 'redaktör', 'säljare', 'projektledare', 'driftchef'] as const;

export const DIETS = ['vegan', 'vegetarisk', 'glutenfri', 'laktosfri', 'halal', 'kosher'] as const;
export const ALLERGIES = ['jordnötter', 'skaldjur', 'ägg', 'selleri', 'sesam'] as const;
export const PRODUCTS = ['årsprenumeration tidning', 'kvartalsprenumeration webb', 'arkivtillgång', 'kursplats', 'rapport 2019', 'utbildningspaket', 'handbok'] as const;
export const QUESTIONS = [
  'Tidningen kom inte fram i fredags, kan ni skicka en ny?',
  'Jag vill byta till autogiro från nästa månad.',
  'Varför får jag två fakturor för samma kvartal?',
  'Kan jag få kvittot i pdf?',
  'Lösenordet fungerar inte i appen.',
  'Jag flyttar i augusti, vart skickar jag den nya adressen?',
] as const;

const PHONE_SERIES = [
  { prefix: '070-17406', first: 5, count: 95 },
  { prefix: '08-465004', first: 0, count: 100 },
  { prefix: '031-39006', first: 0, count: 100 },
  { prefix: '040-62804', first: 0, count: 100 },
] as const;
export const PHONES: readonly string[] = PHONE_SERIES.flatMap(({ prefix, first, count }) => Array.from({ length: count }, (_, i) => `${prefix}${String(first + i).padStart(2, '0')}`));

/** Skatteverket's test numbers; nobody has or gets one. */
export const TEST_PERSONNUMMER = [
  '199711152398', '199711162389', '199711172396', '199711182387', '199711192394', '199711202383', '199711212390', '199711222381', '199711232398', '199711242389',
  '199711252396', '199711262387', '199711272394', '199711282385', '199711292392', '199711302381', '199712012393', '199712022384', '199712032391', '199712042382',
  '199801012387', '199801022394', '199801032385', '199801042392', '199801052383', '199801062390', '199801072381', '199801082398', '199801092389', '199801102394',
  '199802012394', '199802022385', '199802032392', '199802042383', '199802052390', '199802062381', '199802072398', '199802082389', '199802092396', '199802102385',
  '199806012390', '199806022381', '199806032398', '199806042389', '199806052396', '199806062387', '199806072394', '199806082385', '199806092392', '199806102381',
  '199812012384', '199812022391', '199812032382', '199812042399', '199812052380', '199812062397', '199812072388', '199812082395', '199812092386', '199812102391',
] as const;
