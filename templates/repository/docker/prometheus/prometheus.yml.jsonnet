// What the Prometheus of compose.yaml scrapes.
local compose = import '../../../_lib/compose.libsonnet';

function(envs)
  local platform = compose.platform(envs);
  if platform == null then null else {
    global: { scrape_interval: platform.monitoring.interval, evaluation_interval: platform.monitoring.interval },
    scrape_configs: [
      {
        job_name: target.service,
        metrics_path: target.path,
        static_configs: [{ targets: [target.address], labels: { service: target.service } }],
      }
      for target in platform.monitoring.targets
    ],
  }
