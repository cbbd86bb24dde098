// Runs a declarative Jenkinsfile with jenkins-pipeline-unit, and prints what happened as JSON.
//   groovy.ui.GroovyMain play.groovy SCENARIOS       a list of {file, event, env, params, approve, fail, secret, stdout}
// The library's published version knows steps and scripts; what a declarative pipeline means by stages, conditions, input
// and post is said here, as Jenkins' own documentation of the syntax has it. Any directive, condition or step that is not
// named here is an error, so that a misspelt one is found.
import com.lesfurets.jenkins.unit.BasePipelineTest
import groovy.json.JsonOutput
import groovy.json.JsonSlurper

class Refusal extends RuntimeException { Refusal(String message) { super(message) } }
class Failure extends RuntimeException { Failure(String message) { super(message) } }

/** What a stage says, before any of it is carried out. */
class Stage {
  String name
  Closure condition, question, work, after, inner
  boolean parallel, before, running
  List options = []
  Map agent = [:]
}

class Declarative extends BasePipelineTest {
  Map scenario
  Map seen = [result: 'SUCCESS', stages: [:], commands: [], reports: [], inputs: [], bound: [], stashed: [], bounds: [], agents: [:], copies: [], unstable: []]
  List<Stage> open = []
  List<List<Boolean>> verdicts = []
  Map<String, List> after = [:]
  Map stashes = [:]
  boolean broken = false

  Object play(String file) {
    binding.setVariable('none', 'none')
    binding.setVariable('env', scenario.env)
    binding.setVariable('params', scenario.params)
    register()
    runScript(file)
    if (binding.hasVariable('SIGNER')) seen.signer = binding.getVariable('SIGNER').toString()
    seen
  }

  private void allow(String name, List types, Closure body) { helper.registerAllowedMethod(name, types, body) }

  private Closure ours(Closure closure) { closure.delegate = binding; closure }

  void register() {
    def run = { Closure it -> it.call() }
    // Steps: what a build does, recorded.
    allow('sh', [String], { String command -> carryOut(command) })
    allow('sh', [Map], { Map it ->
      if (it.returnStatus && fails(it.script)) { seen.commands << [stage: here(), sh: it.script]; return scenario.code ?: 1 }
      carryOut(it.script)
      it.returnStdout ? scenario.stdout ?: '' : 0
    })
    allow('unstable', [String], { String text -> seen.unstable << [stage: here(), text: text] })
    allow('error', [String], { String text -> throw new Failure(text) })
    allow('script', [Closure], run)
    allow('echo', [String], { String text -> seen.commands << [stage: here(), echo: text] })
    allow('junit', [Map], { Map it -> seen.reports << [stage: here(), files: it.testResults, empty: it.allowEmptyResults] })
    allow('archiveArtifacts', [Map], {})
    allow('copyArtifacts', [Map], { Map it -> seen.copies << [project: it.projectName.toString(), parameters: it.parameters] })
    allow('lastSuccessful', [], {})
    allow('deleteDir', [], {})
    allow('stash', [Map], { Map it -> stashes[it.name] = it.includes })
    allow('unstash', [String], { String name ->
      if (!stashes.containsKey(name)) throw new Failure("nothing is stashed as ${name}")
      seen.stashed << name
    })
    allow('string', [Map], { Map it -> it })
    allow('usernamePassword', [Map], { Map it -> it })
    allow('withCredentials', [List, Closure], { List items, Closure body ->
      items.each { item ->
        def names = [item.variable, item.usernameVariable, item.passwordVariable].findAll { it }
        seen.bound << [stage: here(), id: item.credentialsId, names: names]
        names.each { binding.setVariable(it, scenario.secret) }
      }
      body.call()
    })
    allow('withEnv', [List, Closure], { List words, Closure body -> body.call() })
    // Sections of the pipeline and of a stage.
    allow('pipeline', [Closure], run)
    // Of the pipeline, at once; of a stage, after its condition holds.
    allow('stages', [Closure], { Closure body -> if (open) open.last().inner = body else body.call() })
    allow('agent', [Object], { it -> collect('agent', it) })
    allow('docker', [Closure], run)
    ['image', 'label', 'args'].each { String key -> allow(key, [String], { String value -> open && (open.last().agent[key] = value) }) }
    allow('options', [Closure], run)
    ['timestamps'].each { allow(it, [], {}) }
    ['timeout', 'lock'].each { String key ->
      allow(key, [Map, Closure], { Map it, Closure body -> seen.bounds << [stage: here(), (key): it]; body.call() })
    }
    allow('parameters', [Closure], run)
    allow('choice', [Map], { Map it -> if (!(scenario.params[it.name] in it.choices)) throw new Failure("no choice: ${it.name}") })
    ['timeout', 'lock', 'disableConcurrentBuilds', 'logRotator'].each { String key ->
      allow(key, [Map], { Map it -> open && open.last().options << [(key): it]; it })
    }
    allow('buildDiscarder', [Object], {})
    allow('triggers', [Closure], run)
    allow('cron', [String], {})
    allow('environment', [Closure], run)
    allow('stage', [String, Closure], { String name, Closure body -> carryOutStage(name, body) })
    allow('parallel', [Closure], { Closure body -> open.last().inner = body; open.last().parallel = true })
    allow('when', [Closure], { Closure body -> open.last().condition = body })
    allow('input', [Closure], { Closure body -> open.last().question = body })
    allow('steps', [Closure], { Closure body -> open.last().work = body })
    allow('post', [Closure], { Closure body -> if (open) open.last().after = body else finish(body) })
    // Conditions.
    allow('beforeAgent', [Boolean], {})
    allow('beforeInput', [Boolean], { boolean said -> open.last().before = said })
    allow('anyOf', [Closure], { Closure body -> decide(body) { it.any() } })
    allow('allOf', [Closure], { Closure body -> decide(body) { it.every() } })
    allow('not', [Closure], { Closure body -> decide(body) { !it.every() } })
    allow('expression', [Closure], { Closure body -> verdict(body.call() as boolean) })
    allow('changeRequest', [], { -> verdict(scenario.event == 'merge') })
    allow('triggeredBy', [String], { String cause -> verdict(cause == 'TimerTrigger' && scenario.event == 'nightly') })
    allow('environment', [Map], { Map it -> verdict(scenario.env[it.name] == it.value) })
    allow('tag', [Map], { Map it -> verdict(it.comparator == 'REGEXP' && (scenario.env.TAG_NAME ?: '') ==~ it.pattern) })
    // What an input says.
    ['message', 'ok', 'submitter', 'submitterParameter'].each { String key ->
      allow(key, [String], { String value -> seen.inputs && (seen.inputs.last()[key] = value) })
    }
    // What happens afterwards, by outcome.
    ['always', 'cleanup', 'unsuccessful', 'failure', 'success', 'aborted'].each { String key ->
      allow(key, [Closure], { Closure body -> after.get(key, []) << body })
    }
  }

  private void collect(String key, Object value) {
    if (value instanceof Closure) value.call()
    else if (value != 'none') throw new Failure("agent ${value}")
  }

  private String here() { open ? open*.name.join('/') : '' }

  private boolean fails(String command) { scenario.fail && command.contains(scenario.fail) }

  private void carryOut(String command) {
    seen.commands << [stage: here(), sh: command]
    if (fails(command)) throw new Failure("script returned exit code 1: ${command}")
  }

  private void verdict(boolean value) { verdicts.last() << value }

  private void decide(Closure body, Closure<Boolean> join) {
    verdicts << []
    body.call()
    def found = verdicts.removeLast()
    if (!found) throw new Failure('an empty condition')
    verdict(join(found))
  }

  private boolean holds(Closure body) {
    if (body == null) return true
    verdicts << []
    body.call()
    verdicts.removeLast().every()
  }

  private void carryOutStage(String name, Closure body) {
    if (seen.result != 'SUCCESS' && !(open && open.last().parallel && open.last().running)) { seen.stages[name] = 'NOT_BUILT'; return }
    def stage = new Stage(name: name)
    open << stage
    try {
      body.call()
      seen.agents[name] = stage.agent
      if (!holds(stage.condition)) { seen.stages[name] = 'SKIPPED'; return }
      seen.stages[name] = 'SUCCESS'
      work(stage)
    } catch (Refusal | Failure error) {
      seen.stages[name] = error instanceof Refusal ? 'ABORTED' : 'FAILURE'
      seen.result = seen.stages[name]
      seen.reason = error.message
    } catch (Throwable error) {
      broken = true
      throw error
    } finally {
      if (stage.after && !broken && seen.stages[name] != 'SKIPPED' && seen.stages[name] != 'ABORTED') conclude(stage.after, seen.stages[name])
      open.removeLast()
    }
  }

  private void work(Stage stage) {
    if (stage.question) {
      seen.inputs << [stage: stage.name]
      stage.question.call()
      if (!scenario.approve) throw new Refusal("refused: ${seen.inputs.last().message}")
    }
    stage.running = true
    if (stage.inner) stage.inner.call()
    if (stage.work) stage.work.call()
    if (stage.inner && seen.result != 'SUCCESS') seen.stages[stage.name] = seen.result
  }

  private void conclude(Closure body, String outcome) {
    after = [:]
    body.call()
    def wanted = ['always', outcome.toLowerCase()] + (outcome == 'SUCCESS' ? [] : ['unsuccessful']) + ['cleanup']
    def found = after
    wanted.each { key -> found.get(key, []).each { it.call() } }
  }

  private void finish(Closure body) { conclude(body, seen.result) }
}

// What a pipeline prints is no answer of ours.
def answer = System.out
System.setOut(System.err)
answer.println JsonOutput.toJson(new JsonSlurper().parse(new File(args[0])).collect { scenario ->
  try {
    def test = new Declarative(scenario: scenario)
    test.setUp()
    test.play(scenario.file)
  } catch (Throwable error) {
    [broken: "${error.class.simpleName}: ${error.message}".toString()]
  }
})
