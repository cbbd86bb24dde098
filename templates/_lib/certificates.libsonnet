// Certificates, and who issues them.
{
  Certificate(facts):: {
    spec: {
      secretName: facts.name,
      dnsNames: [facts.host],
      issuerRef: { group: 'cert-manager.io', kind: 'ClusterIssuer', name: facts.issuer },
      privateKey: { '#algorithm': 'Shorter handshakes than RSA, which is the default.', algorithm: 'ECDSA', size: 256 },
    },
  },

  ClusterIssuer(facts):: {
    spec: {
      acme: {
        server: facts.server,
        privateKeySecretRef: { name: facts.name + '-acme' },
        solvers: [
          {
            '#selector': 'Hosts are proved by a record in this zone, so that internal ones are, too.',
            selector: { dnsZones: [facts.zone] },
            dns01: facts.solver,
          },
        ],
      },
    },
  },
}
