"""The command lines of the programs that a control plane is made of. All listen on loopback alone."""

from pathlib import Path
from typing import NamedTuple

from tests.e2e.cluster.credentials import ADMIN, CONTROLLERS, SCHEDULER, Credentials
from tests.tools import pins

Command = list[str]
_HOST = "127.0.0.1"


class Ports(NamedTuple):
    """A free port for each listener."""

    etcd: int
    peers: int
    api: int
    controllers: int
    scheduler: int
    kwok: int
    rollouts: int
    rollouts_health: int


class Site(NamedTuple):
    """What the command lines differ in from one control plane to another."""

    folder: Path
    ports: Ports
    credentials: Credentials

    @property
    def server(self) -> str:
        """The API server's address."""
        return f"https://{_HOST}:{self.ports.api}"

    def kubeconfig(self, user: str = ADMIN) -> Path:
        """A kubeconfig for a user."""
        return self.credentials.kubeconfig(user, self.server)


def etcd(site: Site) -> Command:
    """Its data are thrown away, so it need not wait for the disk."""
    client, peer = f"http://{_HOST}:{site.ports.etcd}", f"http://{_HOST}:{site.ports.peers}"
    return _command(
        "etcd",
        name="test",
        data_dir=site.folder / "etcd",
        listen_client_urls=client,
        advertise_client_urls=client,
        listen_peer_urls=peer,
        initial_advertise_peer_urls=peer,
        initial_cluster=f"test={peer}",
        quota_backend_bytes=2**32,
        unsafe_no_fsync="true",
        log_level="warn",
    )


def api_server(site: Site) -> Command:
    """RBAC and the default admission plugins, as a managed cluster has them."""
    return _command(
        "kube-apiserver",
        etcd_servers=f"http://{_HOST}:{site.ports.etcd}",
        bind_address=_HOST,
        advertise_address=_HOST,
        secure_port=site.ports.api,
        endpoint_reconciler_type="none",
        cert_dir=site.credentials.certificates,
        token_auth_file=site.credentials.token_file,
        service_cluster_ip_range="10.96.0.0/16",
        service_account_issuer="https://kubernetes.default.svc",
        service_account_key_file=site.credentials.service_account_key,
        service_account_signing_key_file=site.credentials.service_account_key,
        authorization_mode="Node,RBAC",
        enable_admission_plugins="NodeRestriction",
        allow_privileged="true",
    )


def controllers(site: Site) -> Command:
    """The controller manager; autoscalers look every two seconds, so that a test need not wait for them."""
    return _command(
        "kube-controller-manager",
        **_kubeconfigs(site, CONTROLLERS),
        bind_address=_HOST,
        secure_port=site.ports.controllers,
        leader_elect="false",
        use_service_account_credentials="true",
        root_ca_file=site.credentials.authority,
        service_account_private_key_file=site.credentials.service_account_key,
        horizontal_pod_autoscaler_sync_period="2s",
        horizontal_pod_autoscaler_initial_readiness_delay="1s",
        horizontal_pod_autoscaler_cpu_initialization_period="1s",
    )


def scheduler(site: Site) -> Command:
    """The default scheduler."""
    return _command(
        "kube-scheduler",
        **_kubeconfigs(site, SCHEDULER),
        bind_address=_HOST,
        secure_port=site.ports.scheduler,
        leader_elect="false",
    )


def kwok(site: Site, stages: Path) -> Command:
    """Stands in for the kubelets of nodes annotated with kwok.x-k8s.io/node: fake."""
    return _command(
        "kwok",
        kubeconfig=site.kubeconfig(),
        config=stages,
        manage_nodes_with_annotation_selector="kwok.x-k8s.io/node=fake",
        cidr="10.244.0.1/16",
        node_ip=_HOST,
        node_lease_duration_seconds=40,
        server_address=f"{_HOST}:{site.ports.kwok}",
    )


def rollouts(site: Site, namespace: str) -> Command:
    """The Argo Rollouts controller; its own configuration is read from `namespace`."""
    return _command(
        "rollouts-controller",
        kubeconfig=site.kubeconfig(),
        namespace=namespace,
        leader_elect="false",
        metricsPort=site.ports.rollouts,
        healthzPort=site.ports.rollouts_health,
    )


def _kubeconfigs(site: Site, user: str) -> dict[str, Path]:
    names = ("kubeconfig", "authentication_kubeconfig", "authorization_kubeconfig")
    return dict.fromkeys(names, site.kubeconfig(user))


def _command(program: str, **options: str | int | Path) -> Command:
    flags = [f"--{name.replace('_', '-')}={value}" for name, value in options.items()]
    return [str(pins.BIN / program), *flags]
