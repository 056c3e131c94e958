"""The virtual machine: a kernel, its modules, an initramfs with the guest, and QEMU that boots them."""
import glob
import lzma
import pathlib
import re
import shutil
import subprocess

HERE = pathlib.Path(__file__).resolve().parent
# The kernel that the shipped profile was measured on.
RELEASE = "6.12.117+deb12-cloud-amd64"
SECURITY_UPDATES = "deb http://deb.debian.org/debian-security bookworm-security main\n"
# program: Debian package
PROGRAMS = {"qemu-system-x86_64": "qemu-system-x86", "busybox": "busybox-static", "cpio": "cpio", "gcc": "gcc", "ip": "iproute2",
            "gzip": "gzip", "ldd": "libc-bin"}
LIBRARIES = {"/usr/include/x86_64-linux-gnu/sys/io.h": "libc6-dev"}
# As a processor of AMD's Zen 3, whose mitigations a Linux host with default settings runs.
MITIGATED_CPU = "max,vendor=AuthenticAMD,family=25,model=1,stepping=1"
MITIGATED = "mitigations=auto spectre_v2=retpoline"


class Failed(Exception):
    """Something that a person can act upon."""


def run(*command, **options):
    done = subprocess.run(command, capture_output=True, text=True, **options)
    if done.returncode:
        raise Failed(f"{' '.join(map(str, command))}: {(done.stderr or done.stdout).strip()}")
    return done.stdout


def install_missing():
    missing = [package for program, package in PROGRAMS.items() if not shutil.which(program)]
    missing += [package for file, package in LIBRARIES.items() if not pathlib.Path(file).exists()]
    if missing:
        print(f"installing {' '.join(missing)}", flush=True)
        run("apt-get", "update", "-q")
        run("apt-get", "install", "-yq", "--no-install-recommends", *missing)


def version_key(name):
    return [int(number) for number in re.findall(r"\d+", name)]


def newest(names):
    """The measured release when it is there, or else the newest."""
    return max(names, key=lambda name: (RELEASE in name, version_key(name)), default=None)


def find_kernel(folder):
    """A vmlinuz of Linux 6.12: one that is installed, or Debian's package unpacked into `folder`."""
    places = [f"{folder}/image/boot/vmlinuz-6.12.*-amd64", f"/boot/vmlinuz-{RELEASE}"]
    found = [file for place in places for file in glob.glob(place)]
    if not found:
        found = [download_kernel(folder)]
    return pathlib.Path(newest(found))


def known_package(apt):
    names = run("apt-cache", *apt, "pkgnames", "linux-image-6.12.").split()
    return newest([name for name in names if name.endswith(("-cloud-amd64-unsigned", "-cloud-amd64"))])


def with_security_updates(folder):
    """Options with which apt knows Debian 12's security updates, whatever the system's sources are; these stay as they are."""
    (folder / "apt/lists/partial").mkdir(parents=True, exist_ok=True)
    (folder / "apt/cache/archives/partial").mkdir(parents=True, exist_ok=True)
    (folder / "apt/sources.list").write_text(SECURITY_UPDATES)
    places = {"Etc::SourceList": "sources.list", "State::Lists": "lists", "Cache": "cache"}
    options = [f"Dir::{key}={folder.resolve() / 'apt' / place}" for key, place in places.items()]
    return [word for option in ["Dir::Etc::SourceParts=/dev/null", *options] for word in ("-o", option)]


def download_kernel(folder):
    apt, package = [], known_package([])
    if not package:
        apt = with_security_updates(folder)
        run("apt-get", *apt, "update", "-q")
        package = known_package(apt)
    if not package:
        raise Failed("no package linux-image-6.12.*-cloud-amd64 is among Debian 12's security updates: name a kernel with --kernel")
    print(f"downloading {package}", flush=True)
    folder.mkdir(parents=True, exist_ok=True)
    run("apt-get", *apt, "download", package, cwd=folder)
    run("dpkg", "-x", newest(glob.glob(f"{folder}/{package}_*.deb")), folder / "image")
    return newest(glob.glob(f"{folder}/image/boot/vmlinuz-*"))


def tun_module(kernel):
    """The bytes of the kernel's tun.ko; None when it is not a module."""
    release = kernel.name.removeprefix("vmlinuz-")
    for root in (kernel.parent.parent, pathlib.Path("/"), pathlib.Path("/usr")):
        for file in glob.glob(f"{root}/lib/modules/{release}/kernel/drivers/net/tun.ko*"):
            content = pathlib.Path(file).read_bytes()
            return lzma.decompress(content) if file.endswith(".xz") else content
    return None


def compile_recorder(folder):
    plugin, flags = folder / "record_plugin.so", ("-O2", "-Wall", "-Wextra")
    run("gcc", *flags, "-shared", "-fPIC", "-fvisibility=hidden", "-o", plugin, *sorted(HERE.glob("recorder/*.c")))
    run("gcc", *flags, "-static", "-o", folder / "init", *sorted(HERE.glob("guest/*.c")))
    return plugin


def copy_program(program, root):
    """A program with the libraries it is linked with."""
    libraries = re.findall(r"(?:=> |^\s+)(/\S+)", run("ldd", program), re.M)
    shutil.copy(program, root / "bin" / pathlib.Path(program).name)
    for library in libraries:
        (root / library[1:]).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(library, root / library[1:])


def make_initramfs(folder, kernel, plan_text):
    root, image = folder / "root", folder / "initramfs.gz"
    shutil.rmtree(root, ignore_errors=True)
    for name in ("dev", "proc", "sys", "run", "tmp", "etc", "bin", "modules"):
        (root / name).mkdir(parents=True)
    shutil.copy(folder / "init", root / "init")
    shutil.copy(shutil.which("busybox"), root / "bin/busybox")
    (root / "bin/sh").symlink_to("busybox")
    copy_program(shutil.which("ip"), root)
    (root / "plan").write_text(plan_text)
    module = tun_module(kernel)
    if module:
        (root / "modules/tun.ko").write_bytes(module)
    files = "".join(f"{path.relative_to(root)}\n" for path in sorted(root.rglob("*")))
    archive = subprocess.run(["cpio", "-o", "-H", "newc", "--quiet"], input=files.encode(), cwd=root, stdout=subprocess.PIPE, check=True)
    image.write_bytes(subprocess.run(["gzip", "-1"], input=archive.stdout, stdout=subprocess.PIPE, check=True).stdout)
    return image


def boot(folder, name, kernel, initramfs, words, mitigations, seed, plugin=None):
    """Starts a boot whose files are NAME.said, NAME.facts and NAME.boot. An instruction takes a nanosecond of virtual time, so that
    nothing depends on how busy this machine is; what the guest believes to be random follows from the seed."""
    command_line = f"console=ttyS0 nokaslr panic=-1 quiet {MITIGATED if mitigations else 'mitigations=off'} {words}"
    command = ["qemu-system-x86_64", "-M", "q35,accel=tcg", "-cpu", MITIGATED_CPU if mitigations else "max", "-m", "3G",
               "-icount", "shift=0,sleep=off", "-seed", str(seed), "-rtc", "base=2025-01-01,clock=vm", "-no-reboot", "-display", "none",
               "-monitor", "none", "-kernel", str(kernel), "-initrd", str(initramfs), "-append", command_line,
               "-serial", f"file:{folder}/{name}.boot", "-serial", f"file:{folder}/{name}.said",
               "-debugcon", f"file:{folder}/{name}.facts"]
    if plugin:
        command += ["-plugin", plugin]
    return subprocess.Popen(command, stdin=subprocess.DEVNULL)


def read_facts(file):
    """{name: bytes} of what the guest told about its kernel."""
    content, facts, at = file.read_bytes(), {}, 0
    while at < len(content):
        end = content.index(b"\n", at)
        name, size = content[at:end].decode().split()
        facts[name] = content[end + 1:end + 1 + int(size)]
        at = end + 1 + int(size)
    return facts
