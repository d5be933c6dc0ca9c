/**
 * Programs that npm cannot bring: which are missing, what the distribution calls them, and whether Alcove may install
 * them. Deciding is pure; `provide.ts` does it.
 */

export type Program =
  | "prosody"
  | "prosody-modules"
  | "ejabberd"
  | "openssl"
  | "chromium"
  | "firefox"
  | "python-omemo"
  | "nginx"
  | "profanity"
  | "tmux";
export type Manager = "apt-get" | "dnf" | "apk";

type Service = {
  readonly name: string;
  readonly units: readonly string[];
  /** A program of its own package, which may have been there before. */
  readonly command?: string;
};

/** Programs whose package brings services, and which; ejabberd's comes with Erlang's port mapper, which listens everywhere. */
const SERVICES: Readonly<Partial<Record<Program, readonly Service[]>>> = {
  prosody: [{ name: "prosody", units: ["prosody.service"] }],
  nginx: [{ name: "nginx", units: ["nginx.service"] }],
  ejabberd: [
    { name: "ejabberd", units: ["ejabberd.service"] },
    { name: "epmd", units: ["epmd.service", "epmd.socket"], command: "epmd" },
  ],
};

type Packages = Readonly<Record<Program, readonly string[]>>;

/** Empty: that distribution has no package for it. */
const PACKAGES: Readonly<Record<Manager, Packages>> = {
  "apt-get": {
    prosody: ["prosody"],
    "prosody-modules": ["prosody-modules"],
    ejabberd: ["ejabberd"],
    openssl: ["openssl"],
    chromium: ["chromium"],
    firefox: ["firefox-esr"],
    "python-omemo": ["python3-slixmpp", "python3-omemo", "python3-oldmemo", "python3-twomemo", "python3-xmlschema"],
    nginx: ["nginx"],
    profanity: ["profanity"],
    tmux: ["tmux"],
  },
  dnf: {
    prosody: ["prosody"],
    "prosody-modules": [],
    ejabberd: [],
    openssl: ["openssl"],
    chromium: ["chromium"],
    firefox: ["firefox"],
    "python-omemo": [],
    nginx: ["nginx"],
    profanity: ["profanity"],
    tmux: ["tmux"],
  },
  apk: {
    prosody: ["prosody"],
    "prosody-modules": [],
    ejabberd: ["ejabberd"],
    openssl: ["openssl"],
    chromium: ["chromium"],
    firefox: ["firefox-esr"],
    "python-omemo": [],
    nginx: ["nginx"],
    profanity: ["profanity"],
    tmux: ["tmux"],
  },
};

export type Machine = {
  readonly manager: Manager | undefined;
  readonly root: boolean;
  /** `sudo` is there. */
  readonly sudo: boolean;
  /** A person sits at the terminal and can be asked. */
  readonly interactive: boolean;
};

export type InstallPlan =
  | { readonly kind: "nothing" }
  | { readonly kind: "install"; readonly packages: readonly string[]; readonly script: string }
  /** The same after a yes, through sudo. */
  | { readonly kind: "ask"; readonly packages: readonly string[]; readonly script: string }
  | { readonly kind: "cannot"; readonly words: string };

/** Root installs by itself, a person is asked, a script without rights never installs anything. */
export function planInstall(missing: readonly Program[], machine: Machine): InstallPlan {
  if (missing.length === 0) return { kind: "nothing" };
  const { manager } = machine;
  if (manager === undefined) {
    return {
      kind: "cannot",
      words: `Please install ${missing.join(", ")}; this system's package manager is unknown here.`,
    };
  }
  const unknown = missing.filter((program) => PACKAGES[manager][program].length === 0);
  if (unknown.length > 0) {
    return { kind: "cannot", words: `This distribution has no package for ${unknown.join(", ")}; Debian has.` };
  }
  const packages = missing.flatMap((program) => PACKAGES[manager][program]);
  const script = installScript(manager, packages);
  if (machine.root) return { kind: "install", packages, script };
  if (machine.interactive && machine.sudo) return { kind: "ask", packages, script };
  return { kind: "cannot", words: `Please install as root: ${manager} ${verb(manager)} ${packages.join(" ")}` };
}

function verb(manager: Manager): string {
  return manager === "apk" ? "add" : "install";
}

/**
 * A shell script for root. Packages of servers start and enable them on Debian; a server nobody asked for must not
 * run, so its start is refused while installing (`policy-rc.d`, invoke-rc.d(8)) and it is disabled afterwards. Only
 * packages that were missing come here, so a server somebody runs on purpose is never touched.
 */
export function installScript(manager: Manager, packages: readonly string[]): string {
  const names = packages.join(" ");
  const services = Object.entries(SERVICES).flatMap(([server, brought]) => (packages.includes(server) ? brought : []));
  switch (manager) {
    case "apt-get":
      return [
        "set -e",
        "policy=/usr/sbin/policy-rc.d",
        `if [ ! -e $policy ]; then trap 'rm -f $policy' EXIT; printf '#!/bin/sh\\nexit 101\\n' > $policy; chmod 755 $policy; fi`,
        "export DEBIAN_FRONTEND=noninteractive",
        ...services.map(seenBefore),
        "apt-get -qq update",
        `apt-get -qq -y --no-install-recommends install ${names}`,
        ...services.map((service) =>
          unlessSeen(service, [...service.units.map(disableSystemd), disableSysv(service.name)]),
        ),
      ].join("\n");
    case "dnf":
      return [
        "set -e",
        ...services.map(seenBefore),
        `dnf -q -y install ${names}`,
        ...services.map((service) => unlessSeen(service, service.units.map(disableSystemd))),
      ].join("\n");
    case "apk":
      return ["set -e", `apk add --quiet ${names}`].join("\n");
  }
}

/** A variable that says whether the service was on this machine before: what others use stays as it is. */
function seenBefore({ name, command }: Service): string {
  return `seen_${name}=${command === undefined ? "" : `$(command -v ${command} || true)`}`;
}

function unlessSeen({ name }: Service, lines: readonly string[]): string {
  return [`if [ -z "$seen_${name}" ]; then`, ...lines, "fi"].join("\n");
}

function disableSystemd(unit: string): string {
  return [
    "if command -v systemctl >/dev/null; then",
    `  systemctl --quiet disable ${unit} >/dev/null 2>&1 || true`,
    `  if [ -d /run/systemd/system ]; then systemctl --quiet stop ${unit} || true; fi`,
    "fi",
  ].join("\n");
}

function disableSysv(service: string): string {
  return `if command -v update-rc.d >/dev/null; then update-rc.d ${service} disable >/dev/null 2>&1 || true; fi`;
}
